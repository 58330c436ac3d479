//! The pages: static files, read when the service starts. A request's path is looked up among their names and never reaches the file
//! system, so that no path leads out of the folder.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode};
use axum::{Extension, Router};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Most bytes of all files together: they stay in memory.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// How many folders deep files lie.
const MAX_DEPTH: usize = 8;

/// What is answered where there is no page.
const NOT_FOUND: &str = "/404";

/// The first page.
const START: &str = "/sign-in";

/// The pages by their paths, or none.
#[derive(Debug, Default)]
pub struct Pages(HashMap<String, Page>);

#[derive(Debug)]
struct Page {
    content: Bytes,
    kind: &'static str,
    caching: &'static str,
    tag: HeaderValue,
}

/// Why pages can't be served.
#[derive(Debug, Error)]
pub enum PagesError {
    /// The system.
    #[error("{path} can't be read: {source}")]
    Unreadable {
        /// What.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A link out of the folder, or something else that is not a file.
    #[error("{0} is neither a file nor a folder inside --pages: take it out")]
    Foreign(PathBuf),
    /// A file that is no page and no asset.
    #[error("{0} has no name for the web: give it one of letters, digits, dots, dashes and underscores")]
    Name(PathBuf),
    /// Too much for a frontend.
    #[error("{0} holds more than 64 MiB: name the folder of the built pages")]
    TooLarge(PathBuf),
    /// Not the folder of the pages.
    #[error("{0} has no {1}: name the folder of the built pages")]
    Missing(PathBuf, &'static str),
}

impl Pages {
    /// All of a folder.
    ///
    /// # Errors
    /// [`PagesError`] where it can't be read, or is not one of pages.
    pub fn read(folder: &Path) -> Result<Self, PagesError> {
        let mut reader = Reader { root: resolve(folder)?, pages: HashMap::new(), bytes: 0 };
        reader.read_folder(folder, "", MAX_DEPTH)?;
        for (path, file) in [(START, "sign-in.html"), (NOT_FOUND, "404.html")] {
            if !reader.pages.contains_key(path) {
                return Err(PagesError::Missing(folder.to_owned(), file));
            }
        }
        Ok(Self(reader.pages))
    }

    /// Adds them to what answers actions.
    pub fn add_to(self: Arc<Self>, router: Router) -> Router {
        router.method_not_allowed_fallback(answer_other_method).fallback(answer).layer(Extension(self))
    }

    fn answer(&self, request: &Parts) -> Option<Response<Body>> {
        let path = request.uri.path();
        if !is_reading(&request.method) {
            return None;
        }
        if path == "/" && !self.0.is_empty() {
            return Some(redirect(START));
        }
        self.0.get(path).map(|page| page.response(StatusCode::OK, request))
    }
}

/// Answers where nothing else does.
async fn answer(Extension(pages): Extension<Arc<Pages>>, request: Parts) -> Response<Body> {
    let not_found = || pages.0.get(NOT_FOUND).filter(|_| is_reading(&request.method));
    let not_found = || not_found().map(|page| page.response(StatusCode::NOT_FOUND, &request));
    pages.answer(&request).or_else(not_found).unwrap_or_else(|| empty(StatusCode::NOT_FOUND))
}

/// Answers where something else does by other methods.
async fn answer_other_method(Extension(pages): Extension<Arc<Pages>>, request: Parts) -> Response<Body> {
    pages.answer(&request).unwrap_or_else(|| empty(StatusCode::METHOD_NOT_ALLOWED))
}

fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn redirect(path: &'static str) -> Response<Body> {
    let mut response = empty(StatusCode::SEE_OTHER);
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(path));
    response
}

impl Page {
    fn new(address: &str, content: Vec<u8>) -> Self {
        let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&content)));
        // Hexadecimal digits are a good value.
        let tag = HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""));
        Self { content: content.into(), kind: kind(address), caching: caching(address), tag }
    }

    fn response(&self, status: StatusCode, request: &Parts) -> Response<Body> {
        let is_known = request.headers.get(IF_NONE_MATCH) == Some(&self.tag);
        let mut response = match status {
            StatusCode::OK if is_known => empty(StatusCode::NOT_MODIFIED),
            status => empty(status),
        };
        if request.method == Method::GET && !(is_known && status == StatusCode::OK) {
            *response.body_mut() = Body::from(self.content.clone());
        }
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.caching));
        headers.insert(ETAG, self.tag.clone());
        response
    }
}

/// Reads a folder and those inside.
struct Reader {
    root: PathBuf,
    pages: HashMap<String, Page>,
    bytes: u64,
}

impl Reader {
    fn read_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), PagesError> {
        let unreadable = |source| PagesError::Unreadable { path: folder.to_owned(), source };
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            if name.starts_with('.') {
                continue;
            }
            if !is_plain(name) {
                return Err(PagesError::Name(path));
            }
            self.read_entry(&path, &format!("{prefix}/{name}"), depth)?;
        }
        Ok(())
    }

    fn read_entry(&mut self, path: &Path, address: &str, depth: usize) -> Result<(), PagesError> {
        let resolved = resolve(path)?;
        if !resolved.starts_with(&self.root) {
            return Err(PagesError::Foreign(path.to_owned()));
        }
        let unreadable = |source| PagesError::Unreadable { path: path.to_owned(), source };
        let metadata = fs::metadata(&resolved).map_err(unreadable)?;
        match depth.checked_sub(1) {
            Some(depth) if metadata.is_dir() => return self.read_folder(path, address, depth),
            _ if !metadata.is_file() => return Err(PagesError::Foreign(path.to_owned())),
            _ => {}
        }
        self.bytes = self.bytes.saturating_add(metadata.len());
        if self.bytes > MAX_BYTES {
            return Err(PagesError::TooLarge(self.root.clone()));
        }
        let page = Page::new(address, fs::read(&resolved).map_err(unreadable)?);
        self.pages.insert(address.strip_suffix(".html").unwrap_or(address).to_owned(), page);
        Ok(())
    }
}

fn resolve(path: &Path) -> Result<PathBuf, PagesError> {
    path.canonicalize().map_err(|source| PagesError::Unreadable { path: path.to_owned(), source })
}

/// It stands for itself in an address.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// What a browser takes it for. It guesses nothing, and starts WebAssembly only under its own name.
fn kind(address: &str) -> &'static str {
    match address.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Under a name with a hash there will never be anything else.
fn caching(address: &str) -> &'static str {
    if address.starts_with("/assets/") && has_hash(address) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// `sign-in-B7x_9fQ2.js`: eight characters before the extension, as bundlers write them. A word of small letters may be a mere name.
fn has_hash(address: &str) -> bool {
    let name = address.rsplit('/').next().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let hash = stem.len().checked_sub(9).and_then(|start| stem.get(start..)?.strip_prefix('-'));
    hash.is_some_and(|hash| hash.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests;
