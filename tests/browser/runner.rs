//! Runs cases one after the other, each engine started for its first case, and nothing without an
//! end.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::rt::time::timeout;

use crate::browser::Browser;
use crate::engine::Engine;
use crate::playground;
use crate::servers::Servers;
use crate::world::{Case, Need, Verdict, World};

/// How long an engine may take to start, and how long each case may take in it.
const LIMIT: Duration = Duration::from_secs(90);

#[derive(Clone, Default)]
pub(crate) struct Runner(Arc<Mutex<Option<Worker>>>);

/// The thread that all cases run in.
struct Worker {
    jobs: mpsc::Sender<Job>,
    thread: JoinHandle<()>,
}

struct Job {
    engine: Engine,
    case: &'static Case,
    done: mpsc::Sender<Verdict>,
}

impl Runner {
    pub(crate) fn run(&self, engine: Engine, case: &'static Case) -> Verdict {
        let (done, verdict) = mpsc::channel();
        let mut worker = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let worker = worker.get_or_insert_with(Worker::start);
        let job = Job { engine, case, done };
        let sent = worker.jobs.send(job);
        sent.map_err(|_| "an earlier case panicked")?;
        verdict.recv().map_err(|_| "this case panicked")?
    }

    /// Ends all browsers and servers.
    pub(crate) fn close(&self) {
        let worker = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Worker { jobs, thread }) = worker {
            drop(jobs);
            let _ = thread.join();
        }
    }
}

impl Worker {
    fn start() -> Self {
        let (jobs, receive) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let folder = Folder::new();
            let servers = Servers::start();
            actix_web::rt::System::new().block_on(async {
                let mut engines = Engines {
                    folder: &folder,
                    servers: &servers,
                    started: BTreeMap::new(),
                };
                while let Ok(Job { engine, case, done }) = receive.recv() {
                    let _ = done.send(engines.run(engine, case).await);
                }
                engines.close().await;
            });
        });
        Self { jobs, thread }
    }
}

/// The engines that were started, and why there is none to use.
struct Engines<'a> {
    folder: &'a Folder,
    servers: &'a Servers,
    started: BTreeMap<Engine, Result<Browser, String>>,
}

impl Engines<'_> {
    async fn run(&mut self, engine: Engine, case: &Case) -> Verdict {
        if case.needs.contains(&Need::Playground) {
            playground::build()?;
        }
        let folder = self.folder.0.join(engine.name());
        let browser = match self.started.entry(engine) {
            Entry::Occupied(started) => started.into_mut(),
            Entry::Vacant(vacant) => {
                let late = |_| Err(format!("it did not start in {} s", LIMIT.as_secs()));
                let started = timeout(LIMIT, engine.start(&folder)).await;
                vacant.insert(started.unwrap_or_else(late))
            }
        };
        let browser = browser.as_ref().map_err(Clone::clone)?;
        let world = World {
            browser,
            folder: &folder,
            servers: self.servers,
        };
        if let Ok(verdict) = timeout(LIMIT, (case.run)(&world)).await {
            return verdict;
        }
        // Its driver hangs, or the page does. Either would take as long in each case that follows.
        let why = format!("no end of \"{}\" in {} s", case.name, LIMIT.as_secs());
        self.started.insert(engine, Err(why.clone()));
        Err(why)
    }

    async fn close(self) {
        for browser in self.started.into_values().flatten() {
            // A driver that hangs is ended without being asked.
            let _ = timeout(Duration::from_secs(5), browser.close()).await;
        }
    }
}

/// A folder that is removed with this value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("cors-browser-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
