//! SQLite is built as `.cargo/config.toml` asks.
#![allow(clippy::unwrap_used)]

use rusqlite::Connection;

fn compile_options() -> Vec<String> {
    let connection = Connection::open_in_memory().unwrap();
    let mut statement = connection.prepare("PRAGMA compile_options").unwrap();
    statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn what_keeps_the_store_safe_is_built_in() {
    let options = compile_options();
    for wanted in [
        "TEMP_STORE=3",
        "STMTJRNL_SPILL=-1",
        "MAX_MMAP_SIZE=0",
        "DQS=0",
        "DISABLE_DIRSYNC",
        "DEFAULT_LOOKASIDE=0,0",
        "DEFAULT_MEMSTATUS=0",
        "OMIT_LOAD_EXTENSION",
        "OMIT_JSON",
        "OMIT_SHARED_CACHE",
        "OMIT_DEPRECATED",
    ] {
        assert!(options.iter().any(|option| option == wanted), "{wanted} is missing in {options:?}");
    }
}

#[test]
fn what_the_store_does_not_use_is_left_out() {
    let options = compile_options();
    for unwanted in
        ["USE_URI", "ENABLE_FTS", "ENABLE_RTREE", "ENABLE_STAT4", "ENABLE_DBSTAT", "SOUNDEX", "ENABLE_COLUMN"]
    {
        assert!(!options.iter().any(|option| option.starts_with(unwanted)), "{unwanted} is in {options:?}");
    }
}

#[test]
fn extensions_and_json_are_not_there() {
    let connection = Connection::open_in_memory().unwrap();
    for call in ["SELECT load_extension('x')", "SELECT json('{}')", "SELECT soundex('x')"] {
        let error = connection.prepare(call).unwrap_err().to_string();
        assert!(error.contains("no such function"), "{call}: {error}");
    }
}
