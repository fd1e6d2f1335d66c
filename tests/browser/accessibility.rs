//! axe-core finds nothing wrong with the playground, and nothing scrolls sideways.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::playground;
use crate::world::{Case, Need, Verdict, World, expect};

/// The line that installs axe-core.
pub(crate) const INSTALL: &str = "npm install --no-save --prefix target/axe axe-core@4.14.1";

/// Where that installs it.
pub(crate) fn axe() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe/node_modules/axe-core/axe.min.js")
}

const NEEDS: &[Need] = &[Need::Playground, Need::Axe];

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "the playground is accessible at 320 px",
        needs: NEEDS,
        run: |world| Box::pin(world.accessible(320)),
    },
    Case {
        name: "the playground is accessible at 390 px",
        needs: NEEDS,
        run: |world| Box::pin(world.accessible(390)),
    },
    Case {
        name: "the playground is accessible at 1400 px",
        needs: NEEDS,
        run: |world| Box::pin(world.accessible(1400)),
    },
];

/// Opens the page in a frame of a width, because no window is as narrow in all engines.
const FRAME: &str = "const frame = document.createElement('iframe');
    frame.id = 'narrow';
    frame.style = `display: block; width: ${args}px; height: 900px; border: 0`;
    frame.src = '/';
    document.body.replaceChildren(frame);";

/// All that the page can show, at once: each panel with its results, a result of each handler, and
/// errors.
const SHOW: &str = "const page = document.getElementById('narrow').contentDocument;
    for (const panel of page.querySelectorAll('.panel')) panel.hidden = false;
    for (const details of page.querySelectorAll('details')) details.open = true;
    for (const card of page.querySelectorAll('.card')) card.querySelectorAll('.cell')[3].click();
    page.querySelector('#presets button').click();
    await new Promise(done => setTimeout(done, 500));
    return page.querySelectorAll('#compiler .message').length > 0;";

/// The findings of axe in a colour scheme: the rule, the element, and why. The frames within are
/// empty.
const AXE: &str = "const { contentWindow: view, contentDocument: page } = document.getElementById('narrow');
    if (!view.axe) view.eval(args.axe);
    page.documentElement.style.colorScheme = args.scheme;
    await new Promise(done => view.requestAnimationFrame(() => view.requestAnimationFrame(done)));
    const { violations } = await view.axe.run(page, { iframes: false, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(node =>
        `${args.scheme}: ${id}: ${node.html.slice(0, 200)}: ${node.failureSummary}`));";

impl World<'_> {
    async fn accessible(&self, width: u32) -> Verdict {
        let axe = std::fs::read_to_string(axe()).map_err(|error| error.to_string())?;
        let (_program, url) = playground::start()?;
        self.browser.open(&url).await?;
        self.browser.run(FRAME, json!(width)).await?;
        self.browser
            .wait_for("return document.getElementById('narrow').contentDocument?.body?.dataset.ready === 'true'")
            .await?;
        let ask = "const page = document.getElementById('narrow').contentDocument;
            for (const button of page.querySelectorAll('.go')) button.click();";
        self.browser.run(ask, Value::Null).await?;
        self.browser
            .wait_for(
                "const page = document.getElementById('narrow').contentDocument;
                return [...page.querySelectorAll('.panel')].every(panel => panel.dataset.done)",
            )
            .await?;
        let shown = self.browser.run(SHOW, Value::Null).await?;
        expect("the compiler's message", &shown, &json!(true))?;
        let fits = "const page = document.getElementById('narrow').contentDocument.documentElement;
            return [page.clientWidth, page.scrollWidth <= page.clientWidth]";
        let found = self.browser.run(fits, Value::Null).await?;
        expect("nothing scrolls sideways", &found[1], &json!(true))?;
        let mut wrong = Vec::new();
        for scheme in ["light", "dark"] {
            let args = json!({ "axe": axe, "scheme": scheme });
            let found = self.browser.run(AXE, args).await?;
            let found = found.as_array().ok_or_else(|| format!("axe: {found}"))?;
            wrong.extend(found.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("\n"))
        }
    }
}
