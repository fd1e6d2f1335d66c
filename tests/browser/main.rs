//! What script in Chromium can do is what the policy says, case by case; and what the model of a browser says of the same
//! case, which the random tests rely on.
//!
//! Where Chromium, its driver or nginx is missing, the cases that need it count as ignored.

mod cases;
mod chromium;
mod servers;
#[path = "../support/mod.rs"]
mod support;

use std::path::PathBuf;

use chromium::{Chromium, find};
use libtest_mimic::{Arguments, Failed, Trial};

/// A font of this machine.
fn font_file() -> Option<PathBuf> {
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    ]
    .into_iter()
    .map(PathBuf::from)
    .find(|path| path.is_file())
}

fn main() {
    let args = Arguments::from_args();
    let programs = (find("chromium"), find("chromedriver"));
    let mut trials = Vec::new();
    if args.list {
        trials.extend(cases::NAMES.map(|name| Trial::test(name, || Ok(()))));
    } else if let (Some(chromium), Some(driver)) = programs {
        let results = actix_web::rt::System::new().block_on(async {
            let folder = temporary_folder()?;
            let browser = Chromium::start(&chromium, &driver, &folder).await?;
            let results = cases::run(&browser, &folder).await;
            browser.close().await;
            let _ = std::fs::remove_dir_all(&folder);
            Ok::<_, String>(results)
        });
        match results {
            Ok(results) => {
                for (name, result) in results {
                    let ignored = matches!(result, Err(cases::Problem::Missing(_)));
                    let kind = match &result {
                        Err(cases::Problem::Missing(what)) => format!("no {what} on this machine"),
                        _ => String::new(),
                    };
                    let trial = Trial::test(name, move || match result {
                        Ok(()) | Err(cases::Problem::Missing(_)) => Ok(()),
                        Err(cases::Problem::Failed(why)) => Err(Failed::from(why)),
                    });
                    trials.push(trial.with_kind(kind).with_ignored_flag(ignored));
                }
            }
            Err(why) => trials.push(Trial::test("the browser starts", move || Err(why.into()))),
        }
    } else {
        let missing = |name| {
            Trial::test(name, || Ok(()))
                .with_kind("no chromium or chromedriver on this machine")
                .with_ignored_flag(true)
        };
        trials.extend(cases::NAMES.map(missing));
    }
    libtest_mimic::run(&args, trials).exit();
}

fn temporary_folder() -> Result<PathBuf, String> {
    let folder = std::env::temp_dir().join(format!("cors-browser-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    Ok(folder)
}
