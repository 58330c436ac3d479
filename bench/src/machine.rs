//! What was measured on.

use std::{fs::File, os::unix::fs::FileExt, process::Command, thread, time::Instant};

use keyfob_tests::{Result, command, scratch::Scratch};

use crate::statistics::{Sample, milliseconds};

const FLUSHES: usize = 500;

/// The machine, as sentences.
pub fn facts() -> Result<Vec<String>> {
    let folder = Scratch::new()?;
    let system = command::run(Command::new("findmnt").args(["-n", "-o", "FSTYPE", "-T"]).arg(folder.path()))?;
    if system == "tmpfs" {
        return Err("the folder for temporary files is no disk: set TMPDIR to one that is".into());
    }
    let flushes = flushes(&folder)?;
    Ok(vec![
        format!("{} cores, {}", thread::available_parallelism()?, processor()?),
        format!("Linux {}", command::run(Command::new("uname").arg("-r"))?),
        format!(
            "{system}; writing 8 bytes and flushing them (fdatasync): median {:.3} ms, 99th percentile {:.3} ms",
            flushes.median(),
            flushes.percentile(99)
        ),
        versions()?,
    ])
}

fn processor() -> Result<String> {
    let info = std::fs::read_to_string("/proc/cpuinfo")?;
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    Ok(name.map_or("an unnamed processor", |(_, name)| name).to_owned())
}

fn flushes(folder: &Scratch) -> Result<Sample> {
    let file = File::create(folder.path().join("flushed"))?;
    let mut sample = Sample::default();
    for number in 0..FLUSHES {
        let start = Instant::now();
        file.write_all_at(&number.to_ne_bytes(), 0)?;
        file.sync_data()?;
        sample.add(milliseconds(start.elapsed()));
    }
    Ok(sample)
}

fn versions() -> Result<String> {
    let mut query = Command::new("dpkg-query");
    query.args([
        "--show",
        "--showformat=${Package} ${Version}, ",
        "libpam-oath",
        "libpam-google-authenticator",
    ]);
    Ok(format!("{}libpam {}", command::run(&mut query)?, libpam()?))
}

fn libpam() -> Result<String> {
    command::run(Command::new("dpkg-query").args(["--show", "--showformat=${Version}", "libpam0g"]))
}
