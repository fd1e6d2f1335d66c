//! A cache that several users share: the nginx of this machine, in front of a server.
//!
//! Where nginx is missing, the tests count as ignored, and say how to install it.

#[allow(dead_code)] // the browser tests use more of it
#[path = "browser/program.rs"]
mod program;
mod support;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use actix_web::middleware::Compress;
use actix_web::{App, HttpResponse, Responder, get, web};
use cors_runtime::{AppCors, cors};
use libtest_mimic::{Arguments, Trial};
use program::{Program, find, free_port, wait_for_port};
use support::serve;

fn main() -> ExitCode {
    let missing = find("nginx").is_none();
    let tests: [(&str, fn()); 2] = [
        (
            "compressed_responses_stay_apart_if_app_cors_is_outermost",
            compressed_responses_stay_apart_if_app_cors_is_outermost,
        ),
        (
            "a_response_that_varies_by_everything_is_not_stored",
            a_response_that_varies_by_everything_is_not_stored,
        ),
    ];
    let trials = tests.map(|(name, run)| {
        let run = move || {
            run();
            Ok(())
        };
        let install = "apt-get install nginx-light";
        Trial::test(name, run)
            .with_kind(if missing { install } else { "" })
            .with_ignored_flag(missing)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}

/// A cache in front of a server.
struct Cache {
    addr: SocketAddr,
    folder: PathBuf,
    _nginx: Program,
}

impl Cache {
    fn of(server: SocketAddr) -> Self {
        let port = free_port().expect("a port");
        let folder = std::env::temp_dir().join(format!("cors-cache-{port}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.display();
        let configuration = format!(
            "daemon off; master_process off; pid {path}/pid; error_log {path}/error.log;
             events {{}}
             http {{
                 access_log off;
                 client_body_temp_path {path}/body; proxy_temp_path {path}/proxy; fastcgi_temp_path {path}/fastcgi;
                 uwsgi_temp_path {path}/uwsgi; scgi_temp_path {path}/scgi;
                 proxy_cache_path {path}/cache keys_zone=shared:1m;
                 proxy_cache shared;
                 add_header X-Cache $upstream_cache_status;
                 server {{
                     listen 127.0.0.1:{port};
                     location / {{ proxy_pass http://{server}; }}
                 }}
             }}"
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration).expect("a file");
        let mut nginx = Command::new(find("nginx").expect("nginx"));
        nginx
            .arg("-c")
            .arg(&file)
            .arg("-e")
            .arg(folder.join("error.log"));
        let nginx = Program::start(&mut nginx).expect("nginx starts");
        let listens = wait_for_port(port);
        actix_web::rt::System::new()
            .block_on(listens)
            .expect("nginx listens");
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], port)),
            folder,
            _nginx: nginx,
        }
    }

    /// Whether the response was stored, and whose it is.
    fn get(&self, path: &str, origin: &str) -> (String, String) {
        let lines = [&format!("Origin: {origin}"), "Accept-Encoding: gzip"];
        let res = support::send(self.addr, &format!("GET {path}"), &lines, "");
        assert_eq!(res.status, 200);
        let header = |name| res.header(name).unwrap_or_default().to_owned();
        (header("x-cache"), header("access-control-allow-origin"))
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

const APP: &str = "https://app.example";
const SHOP: &str = "https://shop.example";

#[cors(origins = ["https://app.example", "https://shop.example"])]
#[get("/news")]
async fn news() -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("cache-control", "public, max-age=600"))
        .body("news ".repeat(1_000))
}

/// nginx before 1.23 reads only the last line of `Vary`, and `Compress` adds that.
fn reads_one_line() -> bool {
    let nginx = find("nginx").expect("nginx");
    let output = Command::new(nginx).arg("-v").output().expect("a version");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, version) = text.trim().split_once("nginx/").expect("a version");
    let mut parts = version.split('.').map_while(|part| part.parse().ok());
    let version: (u32, u32) = (parts.next().expect("major"), parts.next().expect("minor"));
    version < (1, 23)
}

fn compressed_responses_stay_apart_if_app_cors_is_outermost() {
    let alone = serve!(App::new().service(news).wrap(Compress::default()));
    let innermost = serve!(
        App::new()
            .service(news)
            .wrap(AppCors::new())
            .wrap(Compress::default())
    );
    let outermost = serve!(
        App::new()
            .service(news)
            .wrap(Compress::default())
            .wrap(AppCors::new())
    );
    let is_mixed = reads_one_line();
    for (what, server, is_mixed) in [
        ("alone", &alone, is_mixed),
        ("`AppCors` inside", &innermost, is_mixed),
        ("`AppCors` outermost", &outermost, false),
    ] {
        let cache = Cache::of(server.addr);
        let expected = if is_mixed {
            [("MISS", APP), ("HIT", APP), ("HIT", APP), ("HIT", APP)]
        } else {
            [("MISS", APP), ("MISS", SHOP), ("HIT", APP), ("HIT", SHOP)]
        };
        for (origin, (status, allowed)) in [APP, SHOP, APP, SHOP].into_iter().zip(expected) {
            let found = cache.get("/news", origin);
            assert_eq!(
                found,
                (status.to_owned(), allowed.to_owned()),
                "{what}, {origin}"
            );
        }
    }
}

#[cors(origins = ["https://app.example", "https://shop.example"])]
#[get("/varies/{lines}")]
async fn varies(lines: web::Path<String>) -> impl Responder {
    let mut res = HttpResponse::Ok();
    res.insert_header(("cache-control", "public, max-age=600"));
    for line in lines.split('|') {
        res.append_header(("vary", line));
    }
    res.body("varies")
}

/// In a list, nginx takes `*` for the name of a field. So the policy writes it alone.
fn a_response_that_varies_by_everything_is_not_stored() {
    let server = serve!(App::new().service(varies));
    let cache = Cache::of(server.addr);
    for lines in ["*", "accept|*", "*|accept", "accept,*", "*,accept", "*|*"] {
        for origin in [APP, SHOP, APP] {
            let found = cache.get(&format!("/varies/{lines}"), origin);
            assert_eq!(found, ("MISS".to_owned(), origin.to_owned()), "{lines}");
        }
    }
}
