//! The three engines: what each needs, and how it starts.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, json};

use crate::browser::Browser;
use crate::program::{Lines, Program, find, free_port, wait_for_port};
use crate::tls::Certificate;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// `MiniBrowser` of WebKit's GTK port. It is not Safari: its network and its cookies are
    /// libsoup's.
    WebKit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The line that installs what is missing, on Debian.
    pub(crate) fn missing(self) -> Option<&'static str> {
        let (programs, line) = match self {
            Self::Chromium => (
                vec![find("chromium"), find("chromedriver")],
                "apt-get install chromium chromium-driver",
            ),
            Self::Firefox => (
                vec![find("firefox-esr"), find("geckodriver")],
                "apt-get install firefox-esr && cargo install geckodriver --locked",
            ),
            Self::WebKit => (
                vec![find("WebKitWebDriver"), find("Xvfb"), mini_browser()],
                "apt-get install webkit2gtk-driver xvfb xauth",
            ),
        };
        programs.contains(&None).then_some(line)
    }

    /// Starts a browser without a window, whose profile is in `folder`.
    pub(crate) async fn start(self, folder: &Path) -> Result<Browser, String> {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        match self {
            Self::Chromium => chromium(folder, &[]).await,
            Self::Firefox => firefox(folder).await,
            Self::WebKit => webkit(folder).await,
        }
    }
}

fn program(name: &str) -> Result<PathBuf, String> {
    find(name).ok_or_else(|| format!("no {name} on this machine"))
}

/// Chromium with more flags.
pub(crate) async fn chromium(folder: &Path, flags: &[&str]) -> Result<Browser, String> {
    let mut driver = Program::start(Command::new(program("chromedriver")?).arg("--port=0"))?;
    let port = driver.wait_for("port of chromedriver", |line| {
        let (_, port) = line.split_once("successfully on port ")?;
        port.trim_end_matches('.').parse::<u16>().ok()
    })?;
    let trusted = match find("openssl") {
        Some(_) => Certificate::in_folder(folder)?.hash()?,
        None => String::new(),
    };
    let mut options = json!({
        "binary": program("chromium")?,
        "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage",
            // Reports are sent within a second, and not within a minute.
            "--short-reporting-delay",
            // Chromium reports nothing of a page whose certificate it only puts up with.
            format!("--ignore-certificate-errors-spki-list={trusted}"),
            format!("--user-data-dir={}", folder.join("profile").display()),
        ],
    });
    let args = options["args"].as_array_mut().into_iter();
    args.for_each(|args| args.extend(flags.iter().map(|flag| json!(flag))));
    let capabilities = Map::from_iter([
        ("goog:chromeOptions".to_owned(), options),
        // The driver keeps the messages of the console.
        ("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" })),
    ]);
    Browser::connect(Engine::Chromium, port, capabilities, vec![driver]).await
}

async fn firefox(folder: &Path) -> Result<Browser, String> {
    let mut driver = Program::start(
        Command::new(program("geckodriver")?)
            .args(["--port", "0", "--websocket-port", "0"])
            // Only script of the browser itself can read what the console says.
            .args(["--allow-system-access", "--profile-root"])
            .arg(folder),
    )?;
    let port = driver.wait_for("port of geckodriver", |line| {
        let (_, port) = line.split_once("Listening on 127.0.0.1:")?;
        port.trim().parse::<u16>().ok()
    })?;
    let options = json!({
        "binary": program("firefox-esr")?,
        "args": ["-headless"],
    });
    let capabilities = Map::from_iter([("moz:firefoxOptions".to_owned(), options)]);
    Browser::connect(Engine::Firefox, port, capabilities, vec![driver]).await
}

async fn webkit(folder: &Path) -> Result<Browser, String> {
    let (screen, display) = screen()?;
    let port = free_port()?;
    let mut driver = Command::new(program("WebKitWebDriver")?);
    at_home(driver.arg(format!("--port={port}")), folder, display)?;
    let driver = Program::start(&mut driver)?;
    wait_for_port(port).await?;
    let options = json!({
        "binary": mini_browser().ok_or("no MiniBrowser on this machine")?,
        // Otherwise, it drops cookies between names below `localhost`.
        "args": ["--automation", "--cookies-policy=always"],
    });
    let capabilities = Map::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
    Browser::connect(Engine::WebKit, port, capabilities, vec![driver, screen]).await
}

/// `MiniBrowser` without a driver, and what its console says. With a driver it does not print that.
pub(crate) fn webkit_heard(folder: &Path, url: &str) -> Result<([Program; 2], Lines), String> {
    let (screen, display) = screen()?;
    let mut browser = Command::new(mini_browser().ok_or("no MiniBrowser on this machine")?);
    browser.args(["--enable-write-console-messages-to-stdout=true", url]);
    at_home(&mut browser, folder, display)?;
    // It prints them as errors, in spite of the name.
    let (browser, lines) = Program::start_heard(&mut browser)?;
    Ok(([browser, screen], lines))
}

/// A screen that nobody sees, and its number.
fn screen() -> Result<(Program, u16), String> {
    let mut screen = Program::start(Command::new(program("Xvfb")?).args([
        "-displayfd",
        "1",
        "-nolisten",
        "tcp",
    ]))?;
    let display = screen.wait_for("display of Xvfb", |line| line.trim().parse::<u16>().ok())?;
    Ok((screen, display))
}

/// Nothing of the user's own configuration, and nothing left behind in it.
fn at_home(command: &mut Command, folder: &Path, display: u16) -> Result<(), String> {
    let home = folder.join("home");
    std::fs::create_dir_all(&home).map_err(|error| error.to_string())?;
    command
        .env("DISPLAY", format!(":{display}"))
        .env("GDK_BACKEND", "x11")
        .env("HOME", &home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_RUNTIME_DIR", &home);
    Ok(())
}

/// `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser`, and the like.
fn mini_browser() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
    folders
        .flat_map(|folder| {
            ["webkit2gtk-4.1", "webkit2gtk-4.0"]
                .map(|version| folder.path().join(version).join("MiniBrowser"))
        })
        .find(|file| file.is_file())
}
