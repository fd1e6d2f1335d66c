//! A browser that does what it is told over `WebDriver`.

use std::path::Path;
use std::time::Duration;

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use url::{ParseError, Url};

use crate::engine::Engine;
use crate::program::Program;

pub(crate) struct Browser {
    pub(crate) engine: Engine,
    client: Client,
    /// Its driver first.
    _programs: Vec<Program>,
}

/// A command that only one driver knows: its path below that of the session, and its body.
#[derive(Debug)]
struct Own(&'static str, Value);

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}

impl Browser {
    /// Starts a session with the driver that listens to `port`.
    pub(crate) async fn connect(
        engine: Engine,
        port: u16,
        mut capabilities: Map<String, Value>,
        programs: Vec<Program>,
    ) -> Result<Self, String> {
        let timeouts = json!({ "script": 30_000, "pageLoad": 30_000 });
        capabilities.insert("timeouts".to_owned(), timeouts);
        capabilities.insert("acceptInsecureCerts".to_owned(), json!(true));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(|error| format!("{}: {error}", engine.name()))?;
        Ok(Self {
            engine,
            client,
            _programs: programs,
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

    /// Waits until the body of a function returns something true. A page that is just being left
    /// may run no script, so an error counts only if nothing else follows.
    pub(crate) async fn wait_for(&self, body: &str) -> Result<(), String> {
        let mut last = String::new();
        for _ in 0..200 {
            match self.run(body, Value::Null).await {
                Ok(Value::Bool(true)) => return Ok(()),
                Ok(value) => last = value.to_string(),
                Err(error) => last = error,
            }
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
        Err(format!("never true: {body}, but {last}"))
    }

    /// Forgets the cookies of the page that is open.
    pub(crate) async fn forget_cookies(&self) -> Result<(), String> {
        self.client
            .delete_all_cookies()
            .await
            .map_err(|error| format!("cookies: {error}"))
    }

    /// The messages of the console since the last call. The driver of WebKit does not know them.
    pub(crate) async fn console(&self) -> Result<Vec<String>, String> {
        let messages = match self.engine {
            Engine::Chromium => self.own("se/log", json!({ "type": "browser" })).await?,
            Engine::Firefox => {
                let script = "const messages = Services.console.getMessageArray();
                    Services.console.reset();
                    return messages.map(entry => {
                        if (entry instanceof Ci.nsIScriptError) return { message: entry.errorMessage };
                        return { message: entry.message };
                    });";
                self.run_as_firefox(script, Value::Null).await?
            }
            Engine::WebKit => return Err("its driver does not know".to_owned()),
        };
        let messages = messages.as_array().map(Vec::as_slice).unwrap_or_default();
        let text = |entry: &Value| entry["message"].as_str().map(str::to_owned);
        Ok(messages.iter().filter_map(text).collect())
    }

    /// Installs the extension in a folder, and gives the host of its pages.
    pub(crate) async fn install(&self, folder: &Path, id: &str) -> Result<String, String> {
        match self.engine {
            Engine::Firefox => {
                let extension = json!({ "path": folder, "temporary": true });
                self.own("moz/addon/install", extension).await?;
                let script =
                    "return WebExtensionPolicy.getByID(arguments[0]).mozExtensionHostname;";
                let host = self.run_as_firefox(script, json!(id)).await?;
                host.as_str().map(str::to_owned).ok_or(host.to_string())
            }
            // The standard's command: https://w3c.github.io/webextensions/specification/webdriver-classic.html
            Engine::Chromium | Engine::WebKit => {
                let extension = json!({ "type": "path", "value": folder });
                Ok(self.own("webextension", extension).await?.to_string())
            }
        }
    }

    /// Removes an extension from Firefox.
    pub(crate) async fn uninstall(&self, id: &str) -> Result<(), String> {
        let removed = self.own("moz/addon/uninstall", json!({ "id": id })).await;
        removed.map(|_| ())
    }

    /// Runs the body of a function with the rights of Firefox itself.
    async fn run_as_firefox(&self, body: &str, arg: Value) -> Result<Value, String> {
        let context = |context| self.own("moz/context", json!({ "context": context }));
        context("chrome").await?;
        let found = self.client.execute(body, vec![arg]).await;
        context("content").await?;
        found.map_err(|error| format!("script: {error}"))
    }

    async fn own(&self, path: &'static str, body: Value) -> Result<Value, String> {
        let response = self.client.issue_cmd(Own(path, body)).await;
        response.map_err(|error| format!("{path}: {error}"))
    }

    pub(crate) async fn close(self) {
        let _ = self.client.close().await;
    }
}
