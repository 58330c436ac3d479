//! How the module is linked.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    // pam_end(3) unloads modules: without nodelete, destructors of thread-local values would run in code that is gone.
    println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    // A symbol that nothing provides is a mistake of the build, not of the first sign-in.
    println!("cargo::rustc-link-arg-cdylib=-Wl,-z,defs");
    link_unwinder()?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// The standard library unwinds a panic by `libgcc_s`. To load that library costs a fresh process as long as to load the module itself, so its
/// static form is linked in: what is found first under its name is a linker script that says so.
fn link_unwinder() -> Result<(), Box<dyn Error>> {
    #[allow(clippy::disallowed_methods, reason = "cargo's own variable")]
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("libgcc_s.so"), "INPUT(-lgcc_eh)\n")?;
    println!("cargo::rustc-link-search=native={folder}");
    Ok(())
}
