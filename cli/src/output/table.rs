use std::io::{self, Write};
use std::iter;

/// Writes rows in aligned columns under their headings; where there are none, that sentence.
pub fn write_table(
    out: &mut dyn Write,
    headings: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    none: &str,
) -> io::Result<()> {
    let headings = headings.iter().map(ToString::to_string).collect();
    let lines: Vec<_> = iter::once(headings).chain(rows).collect();
    if lines.len() == 1 {
        return writeln!(out, "{none}");
    }
    let widths = widths(&lines);
    for line in &lines {
        let cells: Vec<_> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

fn widths(lines: &[Vec<String>]) -> Vec<usize> {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max()
    };
    (0..columns).map(|column| width(column).unwrap_or(0)).collect()
}

/// One fact a line: `name  value`.
pub fn write_facts(out: &mut dyn Write, facts: &[(&str, String)]) -> io::Result<()> {
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in facts {
        writeln!(out, "{name:<width$}  {value}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_end_without_spaces() -> io::Result<()> {
        let rows = [vec!["GAHT12345678".into(), "zoë".into()], vec!["1".into(), String::new()]];
        let mut out = Vec::new();
        write_table(&mut out, &["SERIAL", "USER"], rows.into_iter(), "Nothing.")?;
        assert_eq!(String::from_utf8_lossy(&out), "SERIAL        USER\nGAHT12345678  zoë\n1\n");
        Ok(())
    }

    #[test]
    fn no_rows_are_a_sentence() -> io::Result<()> {
        let mut out = Vec::new();
        write_table(&mut out, &["SERIAL", "USER"], iter::empty(), "Nothing.")?;
        assert_eq!(String::from_utf8_lossy(&out), "Nothing.\n");
        Ok(())
    }
}
