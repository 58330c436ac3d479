//! What the standard library would bring along, small: an allocator, and what a panic does.

use core::arch::wasm32;
use core::panic::PanicInfo;

use rlsf::SmallGlobalTlsf;

#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();

/// A trap, as with the standard library; nothing here is meant to panic, and the page could not show the message.
#[panic_handler]
fn panic(_info: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
