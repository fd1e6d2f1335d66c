//! The nginx of this machine.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use crate::program::{Program, find, free_port, wait_for_port};
use crate::support::{self, Response};

/// nginx, which stores every response for ten minutes, unless that says otherwise.
pub(crate) struct Cache {
    addr: SocketAddr,
    folder: PathBuf,
    _nginx: Program,
}

impl Cache {
    /// A cache in front of a server.
    pub(crate) fn before(server: SocketAddr) -> Self {
        let port = free_port().expect("a port");
        let folder = std::env::temp_dir().join(format!("cors-cache-{}-{port}", std::process::id()));
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
                 proxy_cache_valid any 10m;
                 add_header X-Cache $upstream_cache_status always;
                 server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{server}; }} }}
             }}"
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration).expect("a file");
        let mut nginx = Command::new(find("nginx").expect("nginx"));
        nginx.arg("-c").arg(&file);
        nginx.arg("-e").arg(folder.join("error.log"));
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

    /// The response, and whether it was stored: `HIT` or `MISS`.
    pub(crate) fn get(&self, path: &str, lines: &[&str]) -> (Response, String) {
        let res = support::send(self.addr, &format!("GET {path}"), lines, "");
        let cached = res.header("x-cache").unwrap_or_default().to_owned();
        (res, cached)
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// True if nginx reads only the last line of `Vary`, as it did before 1.23.
pub(crate) fn reads_one_line() -> bool {
    let nginx = find("nginx").expect("nginx");
    let output = Command::new(nginx).arg("-v").output().expect("a version");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, version) = text.trim().split_once("nginx/").expect("a version");
    let mut parts = version.split('.').map_while(|part| part.parse().ok());
    let version: (u32, u32) = (parts.next().expect("major"), parts.next().expect("minor"));
    version < (1, 23)
}
