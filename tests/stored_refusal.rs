//! A real cache before the server, which stores whatever it may: a response of ours to one request is not served to
//! another that must get a different one.
//!
//! Where nginx is missing, the tests count as ignored, and say how to install it.

#[allow(dead_code)] // a part of it is for browsers
#[path = "browser/program.rs"]
mod program;
mod support;

use std::net::SocketAddr;
use std::process::{Command, ExitCode};

use actix_web::http::header::CACHE_CONTROL;
use actix_web::middleware::DefaultHeaders;
use actix_web::{App, get, web};
use cors_runtime::{Policy, cors, policy};
use libtest_mimic::{Arguments, Failed, Trial};
use program::{Program, find, free_port, wait_for_port};
use support::{Server, send, serve};

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let missing = find("nginx").is_none();
    let trial = Trial::test("a_refusal_is_not_served_to_others", || {
        let result = a_refusal_is_not_served_to_others();
        result.map_err(Failed::from)
    });
    let kind = if missing {
        "apt-get install nginx-light"
    } else {
        ""
    };
    let trial = trial.with_kind(kind).with_ignored_flag(missing);
    libtest_mimic::run(&args, vec![trial]).exit_code()
}

static SHARED: Policy = policy!(origins = ["https://app.example"], credentials);

#[cors(origins = ["https://app.example"])]
#[get("/listed")]
async fn listed() -> &'static str {
    "listed"
}

#[cors(origins = ["https://app.example"], credentials, enforce)]
#[get("/enforced")]
async fn enforced() -> &'static str {
    "enforced"
}

#[cors(origins = ["*"])]
#[get("/anyone")]
async fn anyone() -> &'static str {
    "anyone"
}

#[cors(SHARED)]
#[get("/shared")]
async fn shared() -> &'static str {
    "shared"
}

#[cors(none)]
#[get("/none")]
async fn none() -> &'static str {
    "none"
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(listed)
        .service(enforced)
        .service(anyone)
        .service(shared)
        .service(none);
}

/// nginx, which stores every response for ten minutes, unless that says otherwise.
struct Cache {
    addr: SocketAddr,
    _nginx: Program,
    _folder: Folder,
}

/// A folder that is removed with this value.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Cache {
    async fn before(server: &Server) -> Result<Self, String> {
        let nginx = find("nginx").ok_or("no nginx on this machine")?;
        let (port, to) = (free_port()?, server.addr);
        let folder = std::env::temp_dir().join(format!("cors-cache-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let folder = Folder(folder);
        let path = folder.0.display();
        let configuration = format!(
            "daemon off; master_process off; pid {path}/pid; error_log {path}/error.log;
             events {{}}
             http {{
                 access_log off;
                 client_body_temp_path {path}/body; proxy_temp_path {path}/proxy; fastcgi_temp_path {path}/fastcgi;
                 uwsgi_temp_path {path}/uwsgi; scgi_temp_path {path}/scgi;
                 proxy_cache_path {path}/cache keys_zone=shared:1m;
                 proxy_cache shared;
                 proxy_cache_valid any 10m;
                 add_header X-Cache $upstream_cache_status always;
                 server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{to}; }} }}
             }}"
        );
        let file = folder.0.join("nginx.conf");
        std::fs::write(&file, configuration).map_err(|error| error.to_string())?;
        let nginx = Program::start(
            Command::new(nginx)
                .arg("-c")
                .arg(&file)
                .args(["-e", &format!("{path}/error.log")]),
        )?;
        wait_for_port(port).await?;
        Ok(Self {
            addr: SocketAddr::from(([127, 0, 0, 1], port)),
            _nginx: nginx,
            _folder: folder,
        })
    }

    /// The status of a response, and whether the cache had it.
    fn get(&self, path: &str, lines: &[&str]) -> (u16, String) {
        let res = send(self.addr, &format!("GET {path}"), lines, "");
        let cached = res.header("x-cache").unwrap_or_default().to_owned();
        (res.status, cached)
    }
}

/// A program sends what browsers send only after a preflight, or what `enforce` refuses. Then others ask for the same.
fn a_refusal_is_not_served_to_others() -> Result<(), String> {
    const JSON: &str = "Content-Type: application/json";
    const CROSS: &str = "Sec-Fetch-Site: cross-site";
    const APP: &str = "Origin: https://app.example";
    const EVIL: &str = "Origin: https://evil.example";
    let system = actix_web::rt::System::new();
    // A middleware may say that responses are public.
    let plain = serve!(App::new().configure(configure));
    let public = serve!(
        App::new()
            .configure(configure)
            .wrap(DefaultHeaders::new().add((CACHE_CONTROL, "public, max-age=600")))
    );
    for server in [&plain, &public] {
        let cache = system.block_on(Cache::before(server))?;
        let mut wrong = Vec::new();
        let mut expect = |what: String, found: (u16, String), expected: (u16, &str)| {
            if (found.0, &*found.1) != expected {
                wrong.push(format!("{what}: {found:?}, and not {expected:?}"));
            }
        };
        for (path, attack) in [
            ("/listed", &[JSON, CROSS][..]),
            ("/listed", &[APP, JSON, CROSS]),
            ("/enforced", &[EVIL]),
            ("/enforced", &[JSON, CROSS]),
            ("/anyone", &[JSON, CROSS]),
            ("/shared", &[EVIL, JSON, CROSS]),
            ("/none", &[JSON, CROSS]),
        ] {
            // Each has a URL of its own.
            let path = format!("{path}?{}", attack.join("&").replace([' ', ':', '/'], "."));
            for round in ["first", "second"] {
                let found = cache.get(&path, attack);
                expect(format!("{path}, attack, {round}"), found, (403, "MISS"));
            }
            // Whoever else asks with the same `Origin` is served, and the cache does work.
            let origin: Vec<_> = (attack.iter().copied())
                .filter(|line| line.starts_with("Origin"))
                .collect();
            for (round, cached) in [("first", "MISS"), ("second", "HIT")] {
                let lines = if path.starts_with("/enforced") {
                    &[][..]
                } else {
                    &origin
                };
                let found = cache.get(&path, lines);
                expect(format!("{path}, others, {round}"), found, (200, cached));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.join("\n"));
        }
    }
    Ok(())
}
