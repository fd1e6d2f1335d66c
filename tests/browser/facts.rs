//! Measures the requests of browsers, and compares them with the tables in `docs/engines.md`.

use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::documented::{self, ENGINES, compare};
use crate::engine::{Engine, chromium};
use crate::probes::{FETCH, OVER_TLS, Probe, REDIRECTED, SENT, SPELLINGS, UNASKED};
use crate::recorder::{Record, fresh_id, records};
use crate::tls::Proxy;
use crate::world::{Case, Need, Verdict, World};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "what is sent without a preflight is documented",
        needs: &[],
        run: |world| {
            Box::pin(up_to_twice(move || {
                world.measure("unasked", UNASKED, &COLUMNS)
            }))
        },
    },
    Case {
        name: "what else is sent without script that reads is documented",
        needs: &[],
        run: |world| Box::pin(up_to_twice(move || world.measure("sent", SENT, &COLUMNS))),
    },
    Case {
        name: "what is reported over TLS is documented",
        needs: &[Need::Nginx, Need::OpenSsl],
        run: |world| Box::pin(up_to_twice(move || world.measure_tls())),
    },
    Case {
        name: "what fetch sends is documented",
        needs: &[],
        run: |world| Box::pin(up_to_twice(move || world.measure("fetch", FETCH, &COLUMNS))),
    },
    Case {
        name: "what is sent after a redirect is documented",
        needs: &[],
        run: |world| Box::pin(up_to_twice(move || world.measure_redirects())),
    },
    Case {
        name: "which content types need a preflight is documented",
        needs: &[],
        run: |world| {
            Box::pin(up_to_twice(move || {
                world.measure("spellings", SPELLINGS, &["preflight"])
            }))
        },
    },
    Case {
        name: "which headers a wildcard covers is documented",
        needs: &[],
        run: |world| Box::pin(up_to_twice(move || world.measure_wildcard())),
    },
    Case {
        name: "what a local file sends is documented",
        needs: &[],
        run: |world| Box::pin(up_to_twice(move || world.measure_local_file())),
    },
];

/// Measures a table, and once more if it differs from what is documented.
///
/// Now and then, a browser is late: Firefox once sent a frame the cookies of the page before.
pub(crate) async fn up_to_twice<M: Future<Output = Verdict>>(measure: impl Fn() -> M) -> Verdict {
    let Err(difference) = measure().await else {
        return Ok(());
    };
    eprintln!("measured again: {difference}");
    measure().await
}

/// The parts of a request that are written down.
const COLUMNS: [&str; 8] = [
    "method",
    "preflight",
    "`Content-Type`",
    "`Origin`",
    "`Sec-Fetch-Site`",
    "`-Mode`",
    "`-Dest`",
    "cookies",
];

/// The columns for a page that comes from no server.
pub(crate) const SENT_BY_PAGE: [&str; 3] = ["`Origin`", "`Sec-Fetch-Site`", "cookies"];

/// A request, column by column.
type Row = [String; COLUMNS.len()];

/// A way to send something, and what the server does with it.
struct Sending<'a> {
    probe: &'a Probe,
    /// The status of a redirect, and whether it is the page's own origin that redirects.
    redirect: Option<(&'static str, bool)>,
}

impl World<'_> {
    async fn measure(&self, table: &str, probes: &[Probe], columns: &[&str]) -> Verdict {
        let sent = |probe| Sending {
            probe,
            redirect: None,
        };
        let sendings: Vec<_> = probes.iter().map(sent).collect();
        let found = self.send_all(table, &sendings).await?;
        let mut lines = head(columns);
        for (probe, rows) in probes.iter().zip(found) {
            lines.extend(lines_of(probe.name, &rows, columns));
        }
        compare(ENGINES, self.browser.engine, table, &lines)
    }

    async fn measure_redirects(&self) -> Verdict {
        let mut sendings = Vec::new();
        for own in [false, true] {
            for probe in REDIRECTED {
                for status in ["301", "302", "303", "307", "308"] {
                    let redirect = Some((status, own));
                    sendings.push(Sending { probe, redirect });
                }
            }
        }
        let found = self.send_all("redirects", &sendings).await?;
        // Redirects with the same outcome share an entry.
        let mut entries: Vec<(String, Vec<Row>)> = Vec::new();
        for (Sending { probe, redirect }, rows) in sendings.iter().zip(found) {
            let Some((status, own)) = redirect else {
                continue;
            };
            let to = if *own { " to the page's origin" } else { "" };
            let name = format!("{}{to}, ", probe.name);
            match entries.last_mut() {
                Some((names, same)) if *same == rows && names.starts_with(&name) => {
                    names.push(' ');
                    names.push_str(status);
                }
                _ => entries.push((name + status, rows)),
            }
        }
        let mut lines = head(&COLUMNS);
        for (name, rows) in entries {
            lines.extend(lines_of(&name, &rows, &COLUMNS));
        }
        compare(ENGINES, self.browser.engine, "redirects", &lines)
    }

    /// The preflight is answered with a literal `*`, and not with the names.
    async fn measure_wildcard(&self) -> Verdict {
        let mut lines = head(&["`omit`", "`include`"]);
        self.browser.open(&self.app).await?;
        for header in ["authorization", "x-token"] {
            let mut sent = Vec::new();
            for credentials in ["omit", "include"] {
                let id = fresh_id();
                let url = format!("{}/wildcard/{id}", self.recorders.url);
                let init = json!({ "method": "PUT", "credentials": credentials, "headers": { header: "1" } });
                let script = "await fetch(args[0], args[1]).catch(() => 0)";
                self.browser.run(script, json!([url, init])).await?;
                let arrived = records(&id)
                    .iter()
                    .any(|record| record.header(header) == Some("1"));
                sent.push(if arrived { "sent" } else { "refused" });
            }
            lines.push(format!("| `{header}` | {} |", sent.join(" | ")));
        }
        compare(ENGINES, self.browser.engine, "wildcard", &lines)
    }

    /// A page that was opened from disk. Chromium has a flag with which such pages have an origin.
    async fn measure_local_file(&self) -> Verdict {
        const FLAG: &str = "--allow-file-access-from-files";
        let file = self.folder.join("local.html");
        std::fs::write(&file, "<!doctype html><title>local</title>")
            .map_err(|error| error.to_string())?;
        let url = format!("file://{}", file.display());
        let mut lines = head(&SENT_BY_PAGE);
        lines.extend(self.sent_by_page(self.browser, &url, "").await?);
        if self.browser.engine == Engine::Chromium {
            let folder = self.folder.join("file-access");
            std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            let browser = chromium(&folder, &[FLAG]).await?;
            let condition = format!(", `{FLAG}`");
            let sent = self.sent_by_page(&browser, &url, &condition).await;
            browser.close().await;
            lines.extend(sent?);
        }
        compare(ENGINES, self.browser.engine, "local", &lines)
    }

    /// The requests of a page that comes from no server, a line for each.
    pub(crate) async fn sent_by_page(
        &self,
        browser: &Browser,
        url: &str,
        condition: &str,
    ) -> Result<Vec<String>, String> {
        browser
            .open(&format!("{}/cookies", self.recorders.url))
            .await?;
        browser.open(url).await?;
        let mut lines = Vec::new();
        for method in ["GET", "POST", "PUT"] {
            let id = fresh_id();
            let here = format!("{}/sent/{id}/", self.recorders.url);
            let script =
                "await fetch(args[0], { method: args[1], credentials: 'include' }).catch(() => 0)";
            browser.run(script, json!([here, method])).await?;
            for record in records(&id) {
                let name = match &*record.method {
                    "OPTIONS" => "preflight",
                    method => method,
                };
                let row = row(&record, false, "");
                lines.extend(lines_of(
                    &format!("{name}{condition}"),
                    &[row],
                    &SENT_BY_PAGE,
                ));
            }
        }
        Ok(lines)
    }

    /// Browsers report some things only over TLS. The page is on `localhost`, and 127.0.0.1 is
    /// another site.
    async fn measure_tls(&self) -> Verdict {
        let proxy = Proxy::start(self.folder, &self.recorders).await?;
        let page = format!("https://localhost:{}", proxy.pages);
        let mut lines = head(&COLUMNS);
        for probe in OVER_TLS {
            let mut found = Vec::new();
            for host in ["localhost", "127.0.0.1"] {
                let id = fresh_id();
                let here = format!("https://{host}:{}/sent/{id}/", proxy.url);
                let open = &mut String::new();
                let sent = self.send_one(probe, &page, (&here, 1), open, ("tls", &id));
                let mut rows = sent.await?;
                // Several reports may come in one request, or in several that are alike.
                rows.dedup();
                found.push(rows);
            }
            lines.extend(lines_of(probe.name, &both(&found[0], &found[1]), &COLUMNS));
        }
        compare(ENGINES, self.browser.engine, "tls", &lines)
    }

    /// The requests of a page on the same site, and of one on another.
    async fn send_all(
        &self,
        table: &str,
        sendings: &[Sending<'_>],
    ) -> Result<Vec<Vec<Row>>, String> {
        // A cookie of each kind, where requests go.
        let cookies = format!("{}/cookies", self.recorders.url);
        self.browser.open(&cookies).await?;
        let recorders = &self.recorders;
        let mut found = Vec::new();
        for page in [&recorders.app, &recorders.stranger] {
            let mut of_page = Vec::new();
            let mut open = String::new();
            for sending in sendings {
                let id = fresh_id();
                let (here, requests) = match sending.redirect {
                    None => (format!("{}/sent/{id}/", recorders.url), 1),
                    Some((status, own)) => {
                        let from = if own { page } else { &recorders.url };
                        let to = format!("{}/then/{id}/", recorders.other);
                        (format!("{from}/redirect/{status}/{id}/?to={to}"), 2)
                    }
                };
                let what = (here.as_str(), requests);
                let rows = self.send_one(sending.probe, page, what, &mut open, (table, &id));
                of_page.push(rows.await?);
            }
            found.push(of_page);
        }
        Ok((found[0].iter().zip(&found[1]))
            .map(|(same_site, cross_site)| both(same_site, cross_site))
            .collect())
    }

    /// The requests of a page, without the preflights. `open` is the page that is open.
    ///
    /// Now and then, a browser drops what it is about to send, together with the page that it
    /// leaves. A request that is documented as sent has three chances.
    async fn send_one(
        &self,
        probe: &Probe,
        page: &str,
        (here, requests): (&str, usize),
        open: &mut String,
        (table, id): (&str, &str),
    ) -> Result<Vec<Row>, String> {
        let address = probe.page(page, here)?;
        let (text, table) = documented::find(ENGINES, self.browser.engine, table)?;
        // Waits less for a request that should not be sent.
        let nothing = text[table].contains(&format!("| {} | nothing ", probe.name));
        let (chances, longest) = if nothing { (1, 2) } else { (3, 10) };
        let sent = || {
            let records = records(id).into_iter();
            records.filter(|record| record.method != "OPTIONS").count()
        };
        for _ in 0..chances {
            if *open != address {
                self.browser.open(&address).await?;
            }
            self.browser.run(&probe.script(here), Value::Null).await?;
            let start = Instant::now();
            while sent() < requests && start.elapsed() < Duration::from_secs(longest) {
                sleep(Duration::from_millis(10)).await;
            }
            open.clear();
            if sent() > 0 {
                break;
            }
        }
        if !probe.leaves() {
            *open = address;
        }
        // For what should not follow.
        sleep(Duration::from_millis(20)).await;
        let records = records(id);
        let asked = |i: usize, record: &Record| {
            let mut before = records[..i].iter();
            before.any(|other| other.method == "OPTIONS" && other.path == record.path)
        };
        Ok((records.iter().enumerate())
            .filter(|(_, record)| record.method != "OPTIONS")
            .map(|(i, record)| row(record, asked(i, record), page))
            .collect())
    }
}

/// Cells that differ have both values.
fn both(same_site: &[Row], cross_site: &[Row]) -> Vec<Row> {
    let get = |rows: &[Row], i: usize| {
        let nothing = || COLUMNS.map(|_| "nothing".to_owned());
        rows.get(i).cloned().unwrap_or_else(nothing)
    };
    let merge = |i| {
        let (one, mut row) = (get(same_site, i), get(cross_site, i));
        for (cell, one) in row.iter_mut().zip(one) {
            if *cell != one {
                *cell = format!("{one} / {cell}");
            }
        }
        row
    };
    (0..same_site.len().max(cross_site.len()))
        .map(merge)
        .collect()
}

pub(crate) fn head(columns: &[&str]) -> Vec<String> {
    vec![
        format!("| | {} |", columns.join(" | ")),
        format!("|---|{}", "---|".repeat(columns.len())),
    ]
}

/// Lines of a table: what was sent, then what followed it.
fn lines_of(name: &str, rows: &[Row], columns: &[&str]) -> Vec<String> {
    if rows.is_empty() {
        return vec![format!(
            "| {name} | nothing {}|",
            "| ".repeat(columns.len() - 1)
        )];
    }
    let line = |(i, row): (usize, &Row)| {
        let cells: Vec<_> = (COLUMNS.iter().zip(row))
            .filter(|(column, _)| columns.contains(column))
            .map(|(_, cell)| cell.as_str())
            .collect();
        format!(
            "| {} | {} |",
            if i == 0 { name } else { "… then" },
            cells.join(" | ")
        )
    };
    rows.iter().enumerate().map(line).collect()
}

fn row(record: &Record, asked: bool, page: &str) -> Row {
    let header = |name: &str| record.header(name).unwrap_or("–").to_owned();
    let mut content_type = header("content-type");
    if let Some((before, _)) = content_type.split_once("boundary=") {
        content_type = format!("{before}boundary=…");
    }
    let mut origin = header("origin");
    if origin == page {
        "the page's".clone_into(&mut origin);
    }
    // Not those of other cases.
    let cookies = header("cookie");
    let mut cookies: Vec<_> = cookies
        .split("; ")
        .filter_map(|cookie| cookie.strip_suffix("=1"))
        .collect();
    cookies.sort_unstable();
    [
        record.method.clone(),
        if asked { "yes" } else { "no" }.to_owned(),
        content_type,
        origin,
        header("sec-fetch-site"),
        header("sec-fetch-mode"),
        header("sec-fetch-dest"),
        if cookies.is_empty() {
            "–".to_owned()
        } else {
            cookies.join(" ")
        },
    ]
}
