//! Configurations with which the server serves, and to whom.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;

use libtest_mimic::Trial;

use crate::program::{Server, Started, start, start_at};
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("the_server_serves_whom_its_configuration_allows", allowed),
        trial("two_thousand_origins_are_read_and_found", many),
    ]
}

fn serves(started: Started) -> Server {
    match started {
        Started::Serves(server) => server,
        Started::Stopped(code, said) => panic!("{code}: {said}"),
    }
}

/// The origin that may read the response to a request from this one.
fn allows(server: &Server, origin: &str) -> bool {
    let mut stream = TcpStream::connect(&server.address).expect("it serves");
    let request =
        format!("GET /items HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: {origin}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("a response");
    assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
    let response = response.to_ascii_lowercase();
    assert!(response.contains("\r\nvary: origin"), "{response}");
    response.contains(&format!("\r\naccess-control-allow-origin: {origin}\r\n"))
}

fn allowed() {
    const APP: &str = "https://app.example.com";
    let sample = serves(start_at(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/configured/server.toml"
    )));
    for (origin, expected) in [
        (APP, true),
        ("https://a.example.org", true),
        ("https://example.org", false),
        ("http://app.example.com", false),
    ] {
        assert_eq!(allows(&sample, origin), expected, "{origin}");
    }
    // An empty file, and no table, allow no one.
    for text in [&b""[..], b"[cors]\n", b"[cors]\norigins = []\n"] {
        assert!(!allows(&serves(start(text, &[])), APP));
    }
    // The environment has the last word.
    let file = b"[cors]\norigins = [\"https://file.example\"]\n";
    let list = OsStr::new(" https://app.example.com , https://b.example,");
    let server = serves(start(
        file,
        &[
            ("SERVER__CORS__ORIGINS", list),
            ("SERVER__CORS__CREDENTIALS", OsStr::new("true")),
            ("SERVER__CORS__MAX_AGE", OsStr::new("600")),
        ],
    ));
    assert!(allows(&server, APP) && allows(&server, "https://b.example"));
    assert!(!allows(&server, "https://file.example"));
    // A danger is accepted, with a reason.
    let server = serves(start(
        b"[cors]\norigins = [\"http://scanner.example\"]\ncredentials = true\n",
        &[(
            "SERVER__CORS__DANGER__INSECURE_ORIGINS",
            OsStr::new("our own network"),
        )],
    ));
    assert!(allows(&server, "http://scanner.example"));
}

fn many() {
    let mut text = "[cors]\norigins = [\n".to_owned();
    for i in 0..2_000 {
        writeln!(text, "\"https://a{i}.example\",").expect("a string");
    }
    text.push_str("]\n");
    let server = serves(start(text.as_bytes(), &[]));
    assert!(allows(&server, "https://a1999.example"));
    assert!(!allows(&server, "https://a2000.example"));
}
