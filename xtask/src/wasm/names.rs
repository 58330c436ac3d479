//! The names by which a module and its glue know each other, shortened: a thirtieth of what is transferred.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use keyfob_tests::Result;

/// Sections of a module (WebAssembly 2.0, §5.5.2).
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
/// Magic number and version (§5.5.16).
const PREAMBLE: usize = 8;
/// By this export the package knows its modules.
const KEPT: &str = "__wbindgen_start";

/// Gives the imports that a module has from its glue, and its exports, names of a letter or two, in both files. Instead of the glue's
/// name stands a hash of the names that were: a module of another version does not find its imports.
///
/// # Errors
/// A file can't be read or written, or has another form than wasm-bindgen's.
pub fn shorten(folder: &Path, name: &str) -> Result<()> {
    let (wasm, glue) = (folder.join(format!("{name}_bg.wasm")), folder.join(format!("{name}.js")));
    let (module, script) = (fs::read(&wasm)?, fs::read_to_string(&glue)?);
    let names = Names::of(&module, &format!("./{name}_bg.js"))?;
    fs::write(wasm, names.in_module(&module)?)?;
    Ok(fs::write(glue, names.in_glue(&script)?)?)
}

/// New names for old ones.
struct Names {
    glue: String,
    hash: String,
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

impl Names {
    fn of(module: &[u8], glue: &str) -> Result<Self> {
        let (mut imports, mut exports) = (BTreeSet::new(), BTreeSet::new());
        rename(module, |from, name| match from {
            Some(from) if from == glue => _ = imports.insert(name.clone()),
            None if name != KEPT => _ = exports.insert(name.clone()),
            _ => {}
        })?;
        let mut hasher = DefaultHasher::new();
        (&imports, &exports).hash(&mut hasher);
        let hash = format!("{:08x}", hasher.finish() >> 32);
        Ok(Self { glue: glue.into(), hash, imports: shortened(imports), exports: shortened(exports) })
    }

    fn in_module(&self, module: &[u8]) -> Result<Vec<u8>> {
        rename(module, |from, name| {
            let names = if from.is_some() { &self.imports } else { &self.exports };
            match from {
                Some(from) if *from == self.glue => from.clone_from(&self.hash),
                Some(_) => return,
                None => {}
            }
            if let Some(short) = names.get(name) {
                name.clone_from(short);
            }
        })
    }

    /// wasm-bindgen writes `wasm.export`, `import: function` and `"./name_bg.js": import0`.
    fn in_glue(&self, script: &str) -> Result<String> {
        let mut renamed = replaced(script, &format!("\"{}\":", self.glue), &format!("\"{}\":", self.hash))?;
        for (name, short) in &self.imports {
            renamed = replaced(&renamed, &format!(" {name}: function"), &format!(" {short}: function"))?;
        }
        let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
        let part = |part: &str| {
            let (name, rest) = part.split_at(part.find(is_end).unwrap_or(part.len()));
            format!("{}{rest}", self.exports.get(name).map_or(name, String::as_str))
        };
        let (before, rest) = renamed.split_once(EXPORT).ok_or("the glue uses no export")?;
        let parts: Vec<_> = rest.split(EXPORT).map(part).collect();
        Ok([before, &parts.join(EXPORT)].join(EXPORT))
    }
}

/// How wasm-bindgen writes that it uses an export.
const EXPORT: &str = "wasm.";

/// a to z, then aa to zz.
fn shortened(names: BTreeSet<String>) -> BTreeMap<String, String> {
    let two = ('a'..='z').flat_map(|first| ('a'..='z').map(move |second| format!("{first}{second}")));
    names.into_iter().zip(('a'..='z').map(String::from).chain(two)).collect()
}

fn replaced(text: &str, from: &str, to: &str) -> Result<String> {
    match text.matches(from).count() {
        1 => Ok(text.replace(from, to)),
        count => Err(format!("the glue has '{from}' {count} times").into()),
    }
}

/// The module with what `rename` makes of its names: an import's come with the module that it is from, an export's without.
fn rename(module: &[u8], mut rename: impl FnMut(Option<&mut String>, &mut String)) -> Result<Vec<u8>> {
    let (preamble, sections) = module.split_at_checked(PREAMBLE).ok_or(END)?;
    let (mut renamed, mut reader) = (preamble.to_vec(), Reader(sections));
    while !reader.0.is_empty() {
        let id = reader.byte()?;
        let length = reader.number()?;
        let mut content = Reader(reader.take(length)?);
        let mut section = Vec::new();
        if matches!(id, IMPORTS | EXPORTS) {
            let count = content.number()?;
            write_number(count, &mut section);
            for _ in 0..count {
                content.rename(id == IMPORTS, &mut rename, &mut section)?;
            }
        }
        section.extend(content.0);
        renamed.push(id);
        write_number(section.len(), &mut renamed);
        renamed.extend(section);
    }
    Ok(renamed)
}

const END: &str = "the module ends in the middle of something";

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn rename(
        &mut self,
        is_import: bool,
        rename: &mut impl FnMut(Option<&mut String>, &mut String),
        written: &mut Vec<u8>,
    ) -> Result<()> {
        let mut from = is_import.then(|| self.name()).transpose()?;
        let mut name = self.name()?;
        rename(from.as_mut(), &mut name);
        for name in from.iter().chain([&name]) {
            write_number(name.len(), written);
            written.extend(name.as_bytes());
        }
        let kind = self.byte()?;
        // All that is imported are functions: no other kind would be one number here.
        if is_import && kind != 0 {
            return Err(format!("the module imports {name}, which is no function").into());
        }
        written.push(kind);
        write_number(self.number()?, written);
        Ok(())
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?.first().copied().ok_or(END)?)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(END)?;
        self.0 = rest;
        Ok(taken)
    }

    /// LEB128 (§5.2.2).
    fn number(&mut self) -> Result<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    fn name(&mut self) -> Result<String> {
        let length = self.number()?;
        Ok(String::from_utf8(self.take(length)?.to_vec())?)
    }
}

fn write_number(number: usize, written: &mut Vec<u8>) {
    let mut rest = number;
    while rest >= 0x80 {
        written.push(u8::try_from(rest & 0x7f).unwrap_or_default() | 0x80);
        rest >>= 7;
    }
    written.push(u8::try_from(rest).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports `a` of the glue and `other` of something else, exports two functions.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\
        \x02\x1c\x02\x09./x_bg.js\x01a\x00\x01\x04else\x05other\x00\x02\
        \x07\x1b\x02\x10__wbindgen_start\x00\x00\x04verb\x00\x01";
    const GLUE: &str =
        "wasm.verb(1); wasm.verbose; wasm.__wbindgen_start(); ({ a: function() {}, \"./x_bg.js\": import0 })";

    #[test]
    fn module_and_glue_get_the_same_names() -> Result<()> {
        let names = Names::of(MODULE, "./x_bg.js")?;
        let mut seen = Vec::new();
        rename(&names.in_module(MODULE)?, |from, name| seen.push((from.cloned(), name.clone())))?;
        let hash = names.hash.clone();
        let expected = [(Some(hash), "a"), (Some("else".into()), "other"), (None, KEPT), (None, "a")];
        assert_eq!(seen, expected.map(|(from, name)| (from, name.to_owned())));
        let glue = names.in_glue(GLUE)?;
        assert_eq!(glue, GLUE.replace("verb(", "a(").replace("./x_bg.js", &names.hash));
        Ok(())
    }

    #[test]
    fn modules_with_other_names_know_each_other_by_other_hashes() -> Result<()> {
        let other = rename(MODULE, |_, name| name.replace_range(..1, "b"))?;
        assert_ne!(Names::of(MODULE, "./x_bg.js")?.hash, Names::of(&other, "./x_bg.js")?.hash);
        Ok(())
    }

    #[test]
    fn a_glue_that_lacks_an_import_is_an_error() -> Result<()> {
        assert!(
            Names::of(MODULE, "./x_bg.js")?.in_glue(&GLUE.replace("a: function", "b: function")).is_err()
        );
        Ok(())
    }

    #[test]
    fn a_module_that_ends_early_is_an_error() {
        let beginning = MODULE.get(..MODULE.len() - 1).unwrap_or_default();
        assert!(rename(beginning, |_, _| ()).is_err());
    }
}
