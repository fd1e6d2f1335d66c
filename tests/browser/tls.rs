//! TLS before the recorders, with a certificate that nobody else trusts.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::program::{Program, find, free_port, wait_for_port};
use crate::servers::Recorders;

/// A certificate for `localhost` and 127.0.0.1.
pub(crate) struct Certificate {
    file: PathBuf,
    key: PathBuf,
}

impl Certificate {
    /// Makes it in `folder`, or takes the one that is there.
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, String> {
        let (file, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        if !file.exists() {
            openssl(
                Command::new("openssl")
                    .args([
                        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    ])
                    .args(["-subj", "/CN=localhost", "-out"])
                    .arg(&file)
                    .arg("-keyout")
                    .arg(&key)
                    .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]),
            )?;
        }
        Ok(Self { file, key })
    }

    /// The hash of its public key, by which Chromium is told to trust it.
    pub(crate) fn hash(&self) -> Result<String, String> {
        let script = r#"openssl x509 -in "$0" -pubkey -noout | openssl pkey -pubin -outform der |
            openssl dgst -sha256 -binary | openssl base64"#;
        let hash = openssl(Command::new("sh").args(["-c", script]).arg(&self.file))?;
        Ok(hash.trim().to_owned())
    }
}

fn openssl(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("openssl: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// nginx, which passes on what arrives.
pub(crate) struct Proxy {
    /// The port of the pages.
    pub(crate) pages: u16,
    /// The port that requests go to.
    pub(crate) url: u16,
    _nginx: Program,
}

impl Proxy {
    pub(crate) async fn start(folder: &Path, recorders: &Recorders) -> Result<Self, String> {
        let Certificate { file, key } = Certificate::in_folder(folder)?;
        let (pages, url) = (free_port()?, free_port()?);
        let folder = folder.join("tls");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let server = |port: u16, to: &str| {
            format!("server {{ listen 127.0.0.1:{port} ssl; location / {{ proxy_pass {to}; }} }}")
        };
        // The servers listen on one address only.
        let [to_pages, to_url] =
            [&recorders.app, &recorders.url].map(|to| to.replace("localhost", "127.0.0.1"));
        let configuration = format!(
            "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
             events {{}}
             http {{
                 access_log off;
                 client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
                 fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                 ssl_certificate {}; ssl_certificate_key {};
                 {} {}
             }}",
            file.display(),
            key.display(),
            server(pages, &to_pages),
            server(url, &to_url),
            folder = folder.display(),
        );
        let conf = folder.join("nginx.conf");
        std::fs::write(&conf, configuration).map_err(|error| error.to_string())?;
        let nginx = Program::start(
            Command::new(find("nginx").ok_or("no nginx on this machine")?)
                .arg("-c")
                .arg(&conf)
                .arg("-e")
                .arg(folder.join("error.log")),
        )?;
        wait_for_port(pages).await?;
        wait_for_port(url).await?;
        Ok(Self {
            pages,
            url,
            _nginx: nginx,
        })
    }
}
