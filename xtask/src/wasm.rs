//! `cargo xtask wasm`: the package for web frontends, built and packed into `target/wasm`.

mod budgets;
pub mod cases;
mod names;
pub mod package_tests;
mod paths;
mod tools;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use keyfob_tests::{Result, build, command};

use crate::test::succeed;
use tools::TARGET;

/// What wasm-opt may rely on: what the target's modules have anyway.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// A module: its crate with its folder, and its name in the package.
struct Module {
    folder: &'static str,
    package: &'static str,
    name: &'static str,
    features: &'static str,
}

const MODULES: [Module; 2] = [
    Module { folder: "wasm", package: "keyfob-wasm", name: "keyfob", features: "bare" },
    Module { folder: "wasm/tokens", package: "keyfob-wasm-tokens", name: "tokens", features: "" },
];

/// Builds the package, says where it is, and holds it to its budgets.
///
/// # Errors
/// A tool is missing, a step fails, or the package is larger than its budgets.
pub fn run() -> Result<()> {
    println!("Packed {}", pack()?.display());
    budgets::check(&generated_folder())?;
    paths::check(&generated_folder())
}

/// Builds the package and packs it as npm publishes it.
///
/// # Errors
/// A tool is missing, or a step fails.
pub fn pack() -> Result<PathBuf> {
    tools::install()?;
    let generated = generated_folder();
    fs::create_dir_all(&generated)?;
    for module in &MODULES {
        module.generate(&generated)?;
    }
    generate_with_vectors(&generated)?;
    write_base64(&generated)?;
    copy_licences()?;
    npm_pack()
}

impl Module {
    fn generate(&self, generated: &Path) -> Result<()> {
        let folder = build::target()?.join("wasm").join(self.name);
        self.compile()?;
        bind(self.name, &folder, &self.compiled()?)?;
        self.optimise(&folder, generated)
    }

    fn compile(&self) -> Result<()> {
        succeed(cargo_build(self.package, self.features)?.arg("--target-dir").arg(build::target()?))
    }

    fn compiled(&self) -> Result<PathBuf> {
        let file = format!("{}.wasm", self.package.replace('-', "_"));
        Ok(build::target()?.join(TARGET).join("wasm").join(file))
    }

    fn optimise(&self, folder: &Path, generated: &Path) -> Result<()> {
        let wasm = format!("{}_bg.wasm", self.name);
        succeed(wasm_opt("-Oz")?.arg(folder.join(&wasm)).arg("-o").arg(generated.join(&wasm)))?;
        self.minify(folder, generated)
    }

    /// The glue without its own ways of loading the .wasm, which it exports by default and the package does not use.
    fn minify(&self, folder: &Path, generated: &Path) -> Result<()> {
        let (glue, used) = (format!("{}.js", self.name), folder.join("used.js"));
        fs::write(&used, format!("export * from './{glue}';\n"))?;
        let mut esbuild = tools::npm_tool("esbuild")?;
        esbuild.args(["--bundle", "--minify", "--format=esm", "--log-level=warning"]).arg(used);
        succeed(esbuild.arg(format!("--outfile={}", generated.join(glue).display())))
    }
}

fn cargo_build(package: &str, features: &str) -> Result<Command> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--locked", "--profile", "wasm", "--target", TARGET, "--package", package]);
    cargo.args(["--features", features]);
    for (path, name) in paths::of_this_machine()? {
        cargo.arg("--config").arg(rust_flag(&format!("--remap-path-prefix={path}={name}")));
    }
    Ok(cargo)
}

/// As an option of cargo's, which adds it to others.
fn rust_flag(flag: &str) -> String {
    format!("target.{TARGET}.rustflags=['{flag}']")
}

/// The main module once more, for engines that have vectors of 128 bits: it searches several counters at a time. The glue is the same.
fn generate_with_vectors(generated: &Path) -> Result<()> {
    let target = build::target()?.join("wasm/vectors");
    let mut cargo = cargo_build("keyfob-wasm", "bare")?;
    cargo.arg("--config").arg(rust_flag("-Ctarget-feature=+simd128"));
    // Whoever has vectors has them for speed: a search is a fifth quicker so, for 1 KB more.
    cargo.args(["--config", "profile.wasm.package.keyfob-core.opt-level=3"]);
    succeed(cargo.arg("--target-dir").arg(&target))?;
    bind("keyfob", &target, &target.join(TARGET).join("wasm/keyfob_wasm.wasm"))?;
    if fs::read(target.join("keyfob.js"))? != fs::read(build::target()?.join("wasm/keyfob/keyfob.js"))? {
        return Err("the module with vectors needs another glue than the one without".into());
    }
    let mut wasm_opt = wasm_opt("-O3")?;
    wasm_opt.arg("--enable-simd").arg(target.join("keyfob_bg.wasm"));
    succeed(wasm_opt.arg("-o").arg(generated.join("keyfob_simd_bg.wasm")))
}

/// The glue has a function that starts a module anew, for one that a page's stack overflow has left in the middle of something.
fn bind(name: &str, folder: &Path, compiled: &Path) -> Result<()> {
    let mut bindgen = Command::new("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--experimental-reset-state-function"]);
    succeed(bindgen.args(["--out-name", name, "--out-dir"]).arg(folder).arg(compiled))?;
    names::shorten(folder, name)
}

fn wasm_opt(level: &str) -> Result<Command> {
    let mut wasm_opt = tools::npm_tool("wasm-opt")?;
    wasm_opt.args([level, "--converge", "--strip-debug", "--strip-producers"]).args(FEATURES);
    Ok(wasm_opt)
}

/// The module as text, for the entry that starts at once.
fn write_base64(generated: &Path) -> Result<()> {
    let mut base64 = Command::new("base64");
    let text = command::run(base64.arg("--wrap=0").arg(generated.join("keyfob_bg.wasm")))?;
    let script = format!("export const base64 = '{}';\n", text.trim());
    Ok(fs::write(generated.join("keyfob_base64.js"), script)?)
}

fn copy_licences() -> Result<()> {
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(build::checkout().join(licence), package_folder().join(licence))?;
    }
    Ok(())
}

fn npm_pack() -> Result<PathBuf> {
    let target = build::target()?.join("wasm");
    let mut npm = Command::new("npm");
    npm.current_dir(package_folder()).args(["pack", "--silent", "--pack-destination"]).arg(&target);
    let file = command::run(&mut npm)?;
    Ok(target.join(file.trim()))
}

fn package_folder() -> PathBuf {
    build::checkout().join("wasm/package")
}

fn generated_folder() -> PathBuf {
    package_folder().join("generated")
}
