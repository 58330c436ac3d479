//! Where the module meets libpam: the two functions it exports, and what they use of libpam. All unsafe code is here.
//!
//! pam-bindings checks what the functions are called with, catches panics (`PAM_ABORT`) and reads items. What it lacks stands here:
//! delays, the log, the PAM environment, conversations with several messages, and exporting only the functions that do something.

use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::panic::{self, Location};
use std::ptr;
use std::slice;
use std::sync::Once;
use std::time::Duration;

use nix::unistd::{getresuid, getuid};
use pam::constants::{
    PAM_ERROR_MSG, PAM_PROMPT_ECHO_OFF, PAM_PROMPT_ECHO_ON, PAM_TEXT_INFO, PamFlag, PamResultCode,
};
use pam::conv::Conv;
use pam::items::{AuthTok, Item, RHost, Service, User};
use pam::macros::invoke_hook;
use pam::module::PamHandle;
use zeroize::Zeroize;

use crate::answer::Answer;
use crate::forward::Password;
use crate::sign_in;
use crate::transaction::{ConversationFailed, Level, Message, NotKept, Transaction};

/// `pam_sm_authenticate(3)`: asks for a code.
///
/// # Safety
/// To be called by libpam alone, with its handle and `count` C strings in `arguments`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pam_sm_authenticate(
    handle: *mut PamHandle,
    _flags: PamFlag,
    count: c_int,
    arguments: *const *const c_char,
) -> PamResultCode {
    // SAFETY: pam_sm_authenticate(3): libpam's handle and arguments live until this function returns. NULL is checked for.
    unsafe {
        invoke_hook(handle, count, arguments, |handle, arguments| {
            keep_panics_off_the_terminal();
            #[cfg(feature = "forced-panic")]
            let arguments = crate::forced_panic::in_hook("authenticate", &arguments);
            sign_in::authenticate(&mut LibPam { handle }, &arguments, getresuid())
        })
    }
}

/// `pam_sm_setcred(3)`: there are no credentials to set. libpam decides by what `pam_sm_authenticate` returned; `PAM_SUCCESS` is what lets
/// a stack succeed in which this module stands alone.
///
/// # Safety
/// To be called by libpam alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pam_sm_setcred(
    handle: *mut PamHandle,
    _flags: PamFlag,
    count: c_int,
    arguments: *const *const c_char,
) -> PamResultCode {
    // SAFETY: as for pam_sm_authenticate.
    unsafe {
        invoke_hook(handle, count, arguments, |_, arguments| {
            keep_panics_off_the_terminal();
            #[cfg(feature = "forced-panic")]
            let arguments = crate::forced_panic::in_hook("setcred", &arguments);
            drop(arguments);
            PamResultCode::PAM_SUCCESS
        })
    }
}

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_getenv(pamh: *mut PamHandle, name: *const c_char) -> *const c_char;
    fn pam_fail_delay(pamh: *mut PamHandle, musec_delay: c_uint) -> c_int;
    fn pam_syslog(pamh: *const PamHandle, priority: c_int, fmt: *const c_char, ...);
}

/// What `pam_set_data(3)` keeps until the transaction ends. pam-bindings drops it behind a guard against panics, which wipes the code.
struct Kept(Cell<Option<Answer>>);

#[cfg(feature = "forced-panic")]
impl Drop for Kept {
    fn drop(&mut self) {
        crate::forced_panic::in_cleanup();
    }
}

/// No other module's, and no other version's, which might keep another type.
const KEPT: &str = concat!("pam_keyfob ", env!("CARGO_PKG_VERSION"), " code");

/// libpam's transaction, for the length of one call.
struct LibPam<'a> {
    handle: &'a mut PamHandle,
}

impl Transaction for LibPam<'_> {
    fn user(&mut self) -> Result<Vec<u8>, ConversationFailed> {
        match self.handle.get_user(None) {
            Ok(name) => Ok(name.into_bytes()),
            // pam-bindings says so of a name that is not UTF-8.
            Err(PamResultCode::PAM_SYSTEM_ERR) => {
                let item = self.handle.get_item::<User>();
                item.ok().flatten().map(|user| user.to_bytes().into()).ok_or(ConversationFailed)
            }
            Err(_) => Err(ConversationFailed),
        }
    }

    fn service(&self) -> String {
        let item = self.handle.get_item::<Service>().ok().flatten();
        item.map_or_else(String::new, |service| service.to_string_lossy().into_owned())
    }

    fn remote(&self) -> Option<String> {
        let item = self.handle.get_item::<RHost>().ok().flatten()?;
        Some(item.to_string_lossy().into_owned()).filter(|remote| !remote.is_empty())
    }

    fn real_uid(&self) -> u32 {
        getuid().as_raw()
    }

    fn converse(&mut self, messages: &[Message<'_>]) -> Result<Option<Answer>, ConversationFailed> {
        let item = self.handle.get_item::<Conv<'_>>().ok().flatten().ok_or(ConversationFailed)?;
        // SAFETY: pam_get_item(3): the item PAM_CONV is a struct pam_conv, libpam's own until the transaction ends; pam-bindings has
        // checked it for NULL and its fields are private.
        let conversation = unsafe { &*item.into_raw().cast::<Conversation>() };
        conversation.hold(messages)
    }

    fn password(&self) -> Option<Answer> {
        let item = self.handle.get_item::<AuthTok<'_>>().ok().flatten()?;
        Answer::copy(item.as_bytes())
    }

    fn set_password(&mut self, password: &Password) -> Result<(), NotKept> {
        // SAFETY: it is a C string, and lives until libpam has copied it (pam_set_item(3)).
        let item = unsafe { AuthTok::from_raw(password.as_c_str().as_ptr()) };
        self.handle.set_item_str(item).map_err(|_| NotKept)
    }

    fn keep_code(&mut self, code: Answer) -> Result<(), NotKept> {
        let kept = Box::new(Kept(Cell::new(Some(code))));
        self.handle.set_data(KEPT, kept).map_err(|_| NotKept)
    }

    fn take_code(&mut self) -> Option<Answer> {
        // SAFETY: only `keep_code` uses this name, for this type; the reference ends before libpam is called again.
        let kept = unsafe { self.handle.get_data::<Kept>(KEPT) };
        kept.ok()?.0.take()
    }

    fn variable(&mut self, name: &CStr) -> Option<Vec<u8>> {
        // SAFETY: pam_getenv(3): the handle is libpam's; the name is a C string.
        let value = unsafe { pam_getenv(self.handle, name.as_ptr()) };
        if value.is_null() {
            return None;
        }
        // SAFETY: pam_getenv(3): a C string in libpam's own memory, not NULL, and copied before libpam is called again.
        Some(unsafe { CStr::from_ptr(value) }.to_bytes().into())
    }

    fn fail_delay(&mut self, delay: Duration) {
        let microseconds = c_uint::try_from(delay.as_micros()).unwrap_or(c_uint::MAX);
        // SAFETY: pam_fail_delay(3): the handle is libpam's.
        unsafe { pam_fail_delay(self.handle, microseconds) };
    }

    fn log(&mut self, level: Level, text: &str) {
        let priority = match level {
            Level::Error => libc::LOG_ERR,
            Level::Notice => libc::LOG_NOTICE,
            Level::Info => libc::LOG_INFO,
            Level::Debug => libc::LOG_DEBUG,
        };
        syslog(self.handle, priority, text);
    }
}

/// Writes to the log through `pam_syslog(3)`. `handle` may be NULL: the line then does not name the module and its service.
fn syslog(handle: *const PamHandle, priority: c_int, text: &str) {
    let Ok(text) = CString::new(text) else { return };
    // SAFETY: pam_syslog(3): the handle is libpam's or NULL; the format has one %s, which gets one C string.
    unsafe { pam_syslog(handle, priority, c"%s".as_ptr(), text.as_ptr()) };
}

/// Has panics logged instead of printed: standard error is the person's terminal. The hook is that of this module's own copy of the
/// standard library, never the application's, and stays, since the module is never unloaded.
fn keep_panics_off_the_terminal() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|panicked| {
            syslog(ptr::null(), libc::LOG_CRIT, &panic_line(panicked.location()));
        }));
    });
}

/// Where it was, and nothing else: a panic's message might hold anything.
fn panic_line(location: Option<&Location<'_>>) -> String {
    let place = location.map_or_else(|| "an unknown place".into(), ToString::to_string);
    format!("pam_keyfob refused a sign-in because of a defect at {place}: please report it")
}

/// `struct pam_message` of `pam_conv(3)`.
#[repr(C)]
struct PamMessage {
    msg_style: c_int,
    msg: *const c_char,
}

/// `struct pam_response` of `pam_conv(3)`.
#[repr(C)]
struct PamResponse {
    resp: *mut c_char,
    resp_retcode: c_int,
}

/// `struct pam_conv` of `pam_conv(3)`.
#[repr(C)]
struct Conversation {
    conv: Option<ConversationFunction>,
    appdata_ptr: *mut c_void,
}

type ConversationFunction = unsafe extern "C" fn(
    num_msg: c_int,
    msg: *mut *const PamMessage,
    resp: *mut *mut PamResponse,
    appdata_ptr: *mut c_void,
) -> c_int;

impl Conversation {
    /// Shows all messages in one call, and reads what was answered to the prompt, if there is one.
    fn hold(&self, messages: &[Message<'_>]) -> Result<Option<Answer>, ConversationFailed> {
        let converse = self.conv.ok_or(ConversationFailed)?;
        let number = c_int::try_from(messages.len()).map_err(|_| ConversationFailed)?;
        let texts = messages.iter().map(c_text).collect::<Result<Vec<_>, _>>()?;
        let records: Vec<_> = messages
            .iter()
            .zip(&texts)
            .map(|(message, text)| PamMessage { msg_style: style(message), msg: text.as_ptr() })
            .collect();
        let mut pointers: Vec<_> = records.iter().map(ptr::from_ref).collect();
        let mut replies = Replies { array: ptr::null_mut(), length: messages.len() };
        // SAFETY: pam_conv(3): the function is the application's, called with its own appdata_ptr and `number` messages, which live
        // until it returns.
        let code =
            unsafe { converse(number, pointers.as_mut_ptr(), &raw mut replies.array, self.appdata_ptr) };
        if code != PamResultCode::PAM_SUCCESS as c_int {
            return Err(ConversationFailed);
        }
        let prompt = messages.iter().position(|message| matches!(message, Message::Prompt { .. }));
        Ok(prompt.and_then(|index| replies.answer(index)))
    }
}

fn c_text(message: &Message<'_>) -> Result<CString, ConversationFailed> {
    let (Message::Prompt { text, .. } | Message::Error(text) | Message::Info(text)) = message;
    CString::new(*text).map_err(|_| ConversationFailed)
}

const fn style(message: &Message<'_>) -> c_int {
    match message {
        Message::Prompt { echo: true, .. } => PAM_PROMPT_ECHO_ON,
        Message::Prompt { echo: false, .. } => PAM_PROMPT_ECHO_OFF,
        Message::Error(_) => PAM_ERROR_MSG,
        Message::Info(_) => PAM_TEXT_INFO,
    }
}

/// What a conversation left: NULL, or an array of `length` replies, each NULL or a C string, all from malloc(3) and ours to free
/// (`pam_conv(3)`). A failed one should leave nothing; where it does, it is freed all the same, as libpam's own `pam_prompt(3)` does.
struct Replies {
    array: *mut PamResponse,
    length: usize,
}

impl Replies {
    fn as_slice(&self) -> &[PamResponse] {
        if self.array.is_null() {
            return &[];
        }
        // SAFETY: pam_conv(3): the array is not NULL, so it has as many replies as there were messages; nobody else has it.
        unsafe { slice::from_raw_parts(self.array, self.length) }
    }

    fn answer(&self, index: usize) -> Option<Answer> {
        let reply = self.as_slice().get(index)?.resp;
        if reply.is_null() {
            return None;
        }
        // SAFETY: pam_conv(3): a reply is a C string, and this one is not NULL. It is not changed before the array is dropped.
        Answer::copy(unsafe { CStr::from_ptr(reply) }.to_bytes())
    }
}

impl Drop for Replies {
    fn drop(&mut self) {
        for response in self.as_slice() {
            wipe(response.resp);
            // SAFETY: pam_conv(3): a reply is NULL or from malloc(3), and ours alone.
            unsafe { libc::free(response.resp.cast()) };
        }
        // SAFETY: pam_conv(3): the array is NULL or from malloc(3), and ours alone.
        unsafe { libc::free(self.array.cast()) };
    }
}

/// Overwrites a C string up to its end.
fn wipe(text: *mut c_char) {
    if text.is_null() {
        return;
    }
    // SAFETY: pam_conv(3): a reply is a C string, and this one is not NULL: its bytes up to the end are readable, writable and ours alone.
    let bytes = unsafe { slice::from_raw_parts_mut(text.cast::<u8>(), libc::strlen(text)) };
    bytes.zeroize();
}

#[cfg(test)]
mod tests;
