//! Chromium, and the programs that it needs.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// A program that ends with this value.
pub(crate) struct Program(pub(crate) Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where a program is, if it is on this machine.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = [PathBuf::from("/usr/sbin")];
    std::env::split_paths(&path)
        .chain(usual)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A browser without a window.
pub(crate) struct Chromium {
    client: Client,
    _driver: Program,
}

impl Chromium {
    /// Starts it with a profile of its own in `folder`.
    pub(crate) async fn start(
        chromium: &Path,
        driver: &Path,
        folder: &Path,
    ) -> Result<Self, String> {
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Program)
            .map_err(|error| format!("chromedriver: {error}"))?;
        let lines =
            BufReader::new(driver.0.stdout.take().ok_or("chromedriver says nothing")?).lines();
        // "ChromeDriver was started successfully on port 12345."
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("successfully on port ")?;
                port.trim_end_matches('.').parse::<u16>().ok()
            })
            .ok_or("chromedriver does not say its port")?;
        let profile = format!("--user-data-dir={}", folder.join("profile").display());
        let options = json!({
            "binary": chromium,
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", profile,
            ],
        });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        capabilities.insert("timeouts".to_owned(), json!({ "script": 30_000 }));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(|error| format!("chromium: {error}"))?;
        Ok(Self {
            client,
            _driver: driver,
        })
    }

    /// Opens a page.
    pub(crate) async fn open(&self, url: &str) -> Result<(), String> {
        self.client
            .goto(url)
            .await
            .map_err(|error| format!("{url}: {error}"))
    }

    /// Runs the body of an async function in the page, and gives what it returns.
    pub(crate) async fn run(&self, body: &str, args: Value) -> Result<Value, String> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async (args) => {{ {body} }})(arguments[0]).then(done, error => done({{ threw: String(error) }}));"
        );
        self.client
            .execute_async(&script, vec![args])
            .await
            .map_err(|error| format!("script: {error}"))
    }

    /// Waits until the body of a function returns something true.
    pub(crate) async fn wait_for(&self, body: &str) -> Result<(), String> {
        for _ in 0..200 {
            if self.run(body, Value::Null).await? == Value::Bool(true) {
                return Ok(());
            }
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
        Err(format!("never true: {body}"))
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) -> Result<(), String> {
        self.client
            .set_window_size(width, height)
            .await
            .map_err(|error| format!("window: {error}"))
    }

    /// Forgets the cookies of the page that is open.
    pub(crate) async fn forget_cookies(&self) -> Result<(), String> {
        self.client
            .delete_all_cookies()
            .await
            .map_err(|error| format!("cookies: {error}"))
    }

    pub(crate) async fn close(self) {
        let _ = self.client.close().await;
    }
}
