//! `cargo xtask wasm`: the package for web frontends, built and packed into `target/wasm`.

mod budgets;
pub mod cases;
pub mod package_tests;
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
}

const MODULES: [Module; 2] = [
    Module { folder: "wasm", package: "keyfob-wasm", name: "keyfob" },
    Module { folder: "wasm/tokens", package: "keyfob-wasm-tokens", name: "tokens" },
];

/// Builds the package, says where it is, and holds it to its budgets.
///
/// # Errors
/// A tool is missing, a step fails, or the package is larger than its budgets.
pub fn run() -> Result<()> {
    println!("Packed {}", pack()?.display());
    budgets::check(&generated_folder())
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
    write_base64(&generated)?;
    copy_licences()?;
    npm_pack()
}

impl Module {
    fn generate(&self, generated: &Path) -> Result<()> {
        let folder = build::target()?.join("wasm").join(self.name);
        self.compile()?;
        let mut bindgen = Command::new("wasm-bindgen");
        bindgen.args(["--target", "web", "--no-typescript", "--out-name", self.name]);
        succeed(bindgen.arg("--out-dir").arg(&folder).arg(self.compiled()?))?;
        self.optimise(&folder, generated)
    }

    fn compile(&self) -> Result<()> {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--locked", "--profile", "wasm", "--target", TARGET, "--package", self.package]);
        succeed(cargo.arg("--target-dir").arg(build::target()?))
    }

    fn compiled(&self) -> Result<PathBuf> {
        let file = format!("{}.wasm", self.package.replace('-', "_"));
        Ok(build::target()?.join(TARGET).join("wasm").join(file))
    }

    fn optimise(&self, folder: &Path, generated: &Path) -> Result<()> {
        let (wasm, glue) = (format!("{}_bg.wasm", self.name), format!("{}.js", self.name));
        let mut wasm_opt = tools::npm_tool("wasm-opt")?;
        wasm_opt.args(["-O3", "--converge", "--strip-debug", "--strip-producers"]).args(FEATURES);
        succeed(wasm_opt.arg(folder.join(&wasm)).arg("-o").arg(generated.join(&wasm)))?;
        let mut esbuild = tools::npm_tool("esbuild")?;
        esbuild.args(["--minify", "--format=esm", "--log-level=warning"]).arg(folder.join(&glue));
        succeed(esbuild.arg(format!("--outfile={}", generated.join(&glue).display())))
    }
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
