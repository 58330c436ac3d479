//! `cargo xtask bench wasm`: what the package for web frontends and other libraries did in Node and in Chromium.

use std::{fs, path::Path};

use keyfob_tests::Result;
use serde::Deserialize;

use crate::{
    page,
    plot::{self, Bar},
    target::Target,
};

const BEGIN: &str = "<!-- Written by `cargo xtask bench wasm` from here -->";
const OURS: &str = "Keyfob";
/// Of the fastest peer's calls a second, in each engine.
const TARGETS: [(&str, f64); 3] =
    [("HOTP", 2.0), ("TOTP ±10, wrong code", 8.0), ("resync over 1,000 counters", 15.0)];

/// What `bench/js` wrote.
#[derive(Debug, Deserialize)]
struct Found {
    rounds: u32,
    versions: Vec<Version>,
    engines: Vec<Engine>,
}

#[derive(Debug, Deserialize)]
struct Version {
    name: String,
    version: String,
}

#[derive(Debug, Deserialize)]
struct Engine {
    engine: String,
    cells: Vec<Cell>,
}

#[derive(Debug, Deserialize)]
struct Cell {
    name: String,
    libraries: Vec<Rate>,
}

/// Calls a second.
#[derive(Debug, Deserialize)]
struct Rate {
    name: String,
    median: f64,
    quartiles: [f64; 2],
}

/// Reads the figures, and writes table and plots.
///
/// # Errors
/// The figures can't be read, or the page can't be written.
pub fn write(figures: &Path) -> Result<()> {
    let found: Found = serde_json::from_slice(&fs::read(figures)?)?;
    let text = found.text();
    println!("{text}");
    page::write(BEGIN, &text)?;
    for engine in &found.engines {
        engine.cells.iter().try_for_each(|cell| engine.plot(cell))?;
    }
    Ok(())
}

impl Found {
    fn text(&self) -> String {
        let versions = self.versions.iter().map(|Version { name, version }| format!("{name} {version}"));
        let versions = versions.collect::<Vec<_>>().join(", ");
        let rounds = self.rounds;
        let targets: Vec<Target> = self.engines.iter().flat_map(Engine::targets).collect();
        let targets = page::list(&targets);
        let tables: String = self.engines.iter().map(Engine::table).collect();
        format!("{versions}; medians of {rounds} rounds.\n\n### Targets in JavaScript\n\n{targets}{tables}")
    }
}

impl Engine {
    /// Without its version.
    fn name(&self) -> &str {
        self.engine.split(' ').next().unwrap_or_default()
    }

    /// A target whose cell is missing is missed.
    fn targets(&self) -> Vec<Target> {
        let target = |(name, bound)| {
            let cell = self.cells.iter().find(|cell| cell.name == name);
            let what = format!("{}: {name}, of the fastest peer's calls a second", self.engine);
            Target::at_least(&what, cell.map_or(f64::NAN, Cell::ratio), bound)
        };
        TARGETS.into_iter().map(target).collect()
    }

    fn table(&self) -> String {
        let names = |cell: &Cell| cell.libraries.iter().map(|rate| rate.name.clone()).collect();
        let names: Vec<String> = self.cells.first().map_or_else(Vec::new, names);
        let head = format!("| | {} | of the fastest peer |", names.join(" | "));
        let rule = "|---".repeat(names.len() + 2);
        let rows: String = self.cells.iter().map(Cell::row).collect();
        format!("\n### {}\n\nCalls a second: median (quartiles).\n\n{head}\n{rule}|\n{rows}", self.engine)
    }

    fn plot(&self, cell: &Cell) -> Result<()> {
        let bar = |rate: &Rate| Bar {
            label: rate.name.clone(),
            value: rate.median,
            mark: None,
            ours: rate.name == OURS,
        };
        let bars: Vec<Bar> = cell.libraries.iter().map(bar).collect();
        let lengths = || bars.iter().map(|bar| bar.value);
        let (least, most) = (lengths().fold(f64::INFINITY, f64::min), lengths().fold(1.0, f64::max));
        let file = format!("{}-{}.svg", file_name(self.name()), file_name(&cell.name));
        let caption = format!("{}: {}", self.engine, cell.name);
        plot::bars(&page::plot(&file), &caption, "calls a second", least / 2.0..most * 2.0, &bars)
    }
}

impl Cell {
    /// Ours, of the fastest peer's.
    fn ratio(&self) -> f64 {
        let (ours, peers): (Vec<_>, Vec<_>) = self.libraries.iter().partition(|rate| rate.name == OURS);
        let fastest = peers.iter().map(|rate| rate.median).fold(f64::NAN, f64::max);
        ours.first().map_or(f64::NAN, |rate| rate.median / fastest)
    }

    fn row(&self) -> String {
        let rates: Vec<String> = self.libraries.iter().map(Rate::text).collect();
        format!("| {} | {} | {:.1} |\n", self.name, rates.join(" | "), self.ratio())
    }
}

impl Rate {
    fn text(&self) -> String {
        let [low, high] = self.quartiles;
        format!("{:.0} ({low:.0}, {high:.0})", self.median)
    }
}

/// Letters and digits, and a hyphen between the words: `TOTP ±10, wrong code` is `totp-10-wrong-code`.
fn file_name(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(rates: &[(&str, f64)]) -> Cell {
        let rate = |(name, median): &(&str, f64)| Rate {
            name: (*name).to_owned(),
            median: *median,
            quartiles: [*median, *median],
        };
        Cell { name: "HOTP".to_owned(), libraries: rates.iter().map(rate).collect() }
    }

    #[test]
    fn ours_is_compared_with_the_fastest_peer() {
        let cell = cell(&[("Keyfob", 300.0), ("one", 50.0), ("two", 100.0)]);
        assert!((cell.ratio() - 3.0).abs() < 1e-9);
        let engine = Engine { engine: "Node 20".to_owned(), cells: vec![cell] };
        let met: Vec<bool> = engine.targets().iter().map(Target::is_met).collect();
        // What was not measured is not met.
        assert_eq!(met, [true, false, false]);
    }

    #[test]
    fn a_plot_has_a_file_name_without_versions() {
        assert_eq!(file_name("TOTP ±10, wrong code"), "totp-10-wrong-code");
    }
}
