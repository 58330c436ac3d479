//! How the module is linked.

fn main() {
    // pam_end(3) unloads modules: without nodelete, destructors of thread-local values would run in code that is gone.
    println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    // A symbol that nothing provides is a mistake of the build, not of the first sign-in.
    println!("cargo::rustc-link-arg-cdylib=-Wl,-z,defs");
    println!("cargo::rerun-if-changed=build.rs");
}
