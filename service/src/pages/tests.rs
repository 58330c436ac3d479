#![allow(clippy::unwrap_used)]

use std::os::unix::fs::symlink;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::routing::post;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tempfile::TempDir;

use super::*;

const FILES: [(&str, &str); 8] = [
    ("sign-in.html", "sign in"),
    ("404.html", "not here"),
    ("device.html", "device"),
    ("favicon.svg", "<svg/>"),
    ("assets/device-B7x_9fQ2.js", "run()"),
    ("assets/keyfob-Dk2-aaX1.wasm", "\0asm"),
    ("assets/device-register.css", "a {}"),
    (".gitkeep", "hidden"),
];

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("assets")).unwrap();
    for (name, content) in FILES {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn ask(pages: Pages, request: Request) -> (u16, HeaderMap, String) {
    let router = Router::new().route("/", post(async || "acted")).route("/device", post(async || "posted"));
    let router = TowerToHyperService::new(Arc::new(pages).add_to(router));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let response = router.call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status.as_u16(), parts.headers, String::from_utf8(body.to_vec()).unwrap())
    })
}

fn request(method: Method, path: &str) -> Request {
    let uri = axum::http::Uri::builder().path_and_query(path).build().unwrap();
    Request::builder().method(method).uri(uri).body(Body::empty()).unwrap()
}

fn get(path: &str) -> (u16, HeaderMap, String) {
    ask(Pages::read(folder().path()).unwrap(), request(Method::GET, path))
}

#[track_caller]
fn found(path: &str, content: &str, kind: &str, caching: &str) {
    let (status, headers, body) = get(path);
    assert_eq!((status, body.as_str()), (200, content), "{path}");
    assert_eq!(headers.get("content-type").unwrap(), kind, "{path}");
    assert_eq!(headers.get("cache-control").unwrap(), caching, "{path}");
}

#[test]
fn each_file_has_its_address_kind_and_caching() {
    let forever = "public, max-age=31536000, immutable";
    found("/sign-in", "sign in", "text/html; charset=utf-8", "no-cache");
    found("/device?name=alice", "device", "text/html; charset=utf-8", "no-cache");
    found("/favicon.svg", "<svg/>", "image/svg+xml", "no-cache");
    found("/assets/device-B7x_9fQ2.js", "run()", "text/javascript; charset=utf-8", forever);
    found("/assets/keyfob-Dk2-aaX1.wasm", "\0asm", "application/wasm", forever);
    found("/assets/device-register.css", "a {}", "text/css; charset=utf-8", "no-cache");
}

#[test]
fn the_first_page_is_the_sign_in() {
    let (status, headers, _) = get("/");
    assert_eq!((status, headers.get("location").unwrap().to_str().unwrap()), (303, "/sign-in"));
}

#[test]
fn no_path_leads_out_of_the_folder() {
    let secret = "/../../../../../../etc/passwd";
    let encoded = secret.replace("..", "%2e%2e");
    let paths = [
        secret,
        &encoded,
        &encoded.replace('/', "%2f").replacen("%2f", "/", 1),
        "//sign-in",
        "/assets/../sign-in",
        "/assets/%2e%2e/sign-in",
        "/assets/..%2fsign-in",
        "/assets%2fdevice-B7x_9fQ2.js",
        "/assets//device-B7x_9fQ2.js",
        "/sign-in/",
        "/assets",
        "/assets/",
        "/sign-in%00",
        "/%00",
        "/..%5c..%5cetc%5cpasswd",
        "/.gitkeep",
        "/sign-in.html",
        "/SIGN-IN",
        "/%73ign-in",
        "/etc/passwd",
        "/other",
    ];
    for path in paths {
        let (status, headers, body) = get(path);
        assert_eq!((status, body.as_str()), (404, "not here"), "{path}");
        assert_eq!(headers.get("cache-control").unwrap(), "no-cache");
    }
}

#[test]
fn a_page_may_stand_where_something_is_posted() {
    let pages = || Pages::read(folder().path()).unwrap();
    let answer = |method, path| {
        let (status, _, body) = ask(pages(), request(method, path));
        (status, body)
    };
    assert_eq!(answer(Method::GET, "/device"), (200, "device".into()));
    assert_eq!(answer(Method::POST, "/device"), (200, "posted".into()));
    assert_eq!(answer(Method::POST, "/"), (200, "acted".into()));
    assert_eq!(answer(Method::PUT, "/device"), (405, String::new()));
    assert_eq!(answer(Method::POST, "/sign-in"), (404, String::new()));
    assert_eq!(answer(Method::HEAD, "/device"), (200, String::new()));
    assert_eq!(answer(Method::HEAD, "/other"), (404, String::new()));
}

#[test]
fn what_a_browser_has_is_not_sent_again() {
    let (_, headers, _) = get("/device");
    let mut again = request(Method::GET, "/device");
    again.headers_mut().insert("if-none-match", headers.get("etag").unwrap().clone());
    let (status, _, body) = ask(Pages::read(folder().path()).unwrap(), again);
    assert_eq!((status, body), (304, String::new()));
}

#[test]
fn without_pages_there_are_none() {
    for (path, status) in [("/", 405), ("/device", 405), ("/sign-in", 404), ("/other", 404)] {
        assert_eq!(ask(Pages::default(), request(Method::GET, path)).0, status, "{path}");
    }
}

#[test]
fn a_link_may_lead_inside_the_folder_alone() {
    let folder = folder();
    symlink("device.html", folder.path().join("mine.html")).unwrap();
    let pages = Pages::read(folder.path()).unwrap();
    assert_eq!(ask(pages, request(Method::GET, "/mine")).2, "device");
    for target in ["/etc/passwd", "/etc", "../.."] {
        let link = folder.path().join("assets/out");
        symlink(target, &link).unwrap();
        let error = Pages::read(folder.path()).unwrap_err();
        assert!(matches!(&error, PagesError::Foreign(path) if *path == link), "{target}: {error}");
        fs::remove_file(link).unwrap();
    }
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let error = |change: fn(&Path)| {
        let folder = folder();
        change(folder.path());
        Pages::read(folder.path()).unwrap_err().to_string()
    };
    assert!(error(|folder| fs::remove_file(folder.join("404.html")).unwrap()).contains("has no 404.html"));
    assert!(
        error(|folder| fs::remove_file(folder.join("sign-in.html")).unwrap()).contains("has no sign-in.html")
    );
    assert!(error(|folder| fs::write(folder.join("a b.html"), "").unwrap()).contains("no name for the web"));
    assert!(error(|folder| fs::remove_dir_all(folder).unwrap()).contains("can't be read"));
    assert!(
        error(|folder| fs::File::create(folder.join("big.bin")).unwrap().set_len(MAX_BYTES).unwrap())
            .contains("more than 64 MiB")
    );
    assert!(error(|folder| symlink(".", folder.join("assets/a")).unwrap()).contains("assets"));
}
