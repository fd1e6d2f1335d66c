//! Types that all cases share.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;

use crate::accessibility;
use crate::browser::Browser;
use crate::program::find;
use crate::servers::{self, Servers};

/// A task for a browser, and a check of the outcome.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) needs: &'static [Need],
    pub(crate) run: for<'a> fn(&'a World<'a>) -> Pin<Box<dyn Future<Output = Verdict> + 'a>>,
}

pub(crate) type Verdict = Result<(), String>;

/// A program or file that a case needs beside a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// axe-core, from npm.
    Axe,
    Font,
    Nginx,
    OpenSsl,
    /// The example, which is built for the test.
    Playground,
}

impl Need {
    /// The line that installs it, if it is missing.
    pub(crate) fn missing(self) -> Option<&'static str> {
        match self {
            Self::Axe if !accessibility::axe().is_file() => Some(accessibility::INSTALL),
            Self::Font if font_file().is_none() => Some("apt-get install fonts-dejavu-core"),
            Self::Nginx if find("nginx").is_none() => Some("apt-get install nginx-light"),
            Self::OpenSsl if find("openssl").is_none() => Some("apt-get install openssl"),
            _ => None,
        }
    }
}

/// A font of this machine.
pub(crate) fn font_file() -> Option<PathBuf> {
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    ]
    .into_iter()
    .map(PathBuf::from)
    .find(|path| path.is_file())
}

/// A browser, and the servers that it talks to.
pub(crate) struct World<'a> {
    pub(crate) browser: &'a Browser,
    /// Files of this browser alone.
    pub(crate) folder: &'a Path,
    pub(crate) servers: &'a Servers,
}

impl Deref for World<'_> {
    type Target = Servers;

    fn deref(&self) -> &Servers {
        self.servers
    }
}

/// How often each method and path was asked for since it was made: engines share the servers.
pub(crate) struct Since(Vec<(String, usize)>);

impl Since {
    pub(crate) fn now<const N: usize>(what: [&str; N]) -> Self {
        let counts = what.map(|what| (what.to_owned(), servers::count(what)));
        Self(counts.to_vec())
    }

    /// Waits until all were asked for, but not for long.
    pub(crate) async fn wait(&self) {
        let start = Instant::now();
        let missing = || self.counts().iter().any(|(_, count)| *count == 0);
        while missing() && start.elapsed() < Duration::from_secs(4) {
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn counts(&self) -> Vec<(&str, usize)> {
        let more = |(what, before): &'_ (String, usize)| servers::count(what) - before;
        (self.0.iter())
            .map(|entry| (entry.0.as_str(), more(entry)))
            .collect()
    }
}

pub(crate) fn expect<T: PartialEq + std::fmt::Debug>(
    what: &str,
    found: &T,
    expected: &T,
) -> Verdict {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: {found:?}, and not {expected:?}"))
    }
}
