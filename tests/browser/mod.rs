//! A real browser, driven as a person would: Chromium through ChromeDriver,
//! which speaks WebDriver, JSON over HTTP.
#![allow(unreachable_pub, reason = "shared by test files")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Keys that are no characters, as WebDriver names them.
pub const ENTER: &str = "\u{e007}";
pub const CONTROL: &str = "\u{e009}";

/// How long something on a page may take to come about.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with one window and a profile of its own. Closed when it is dropped.
pub struct Browser {
    driver: Child,
    session: String,
    profile: tempfile::TempDir,
}

impl Browser {
    /// A new browser that saves downloads into `downloads`. There must be one to be started.
    pub fn start(downloads: &Path) -> Self {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = started.expect("these tests need chromedriver: apt-get install chromium chromium-driver");
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let port = line.split_once("started successfully on port ")?.1;
            Some(port.trim_end_matches('.').to_owned())
        });
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{}/session", port.expect("chromedriver says its port")),
            profile,
        };
        let profile = format!("--user-data-dir={}", browser.profile.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,900",
            &profile,
        ];
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": { "args": arguments } });
        let answer = browser.try_post("", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        let answer = answer.expect("chromedriver finds Chromium: apt-get install chromium");
        browser.session = format!("{}/{}", browser.session, answer["sessionId"].as_str().expect("a session"));
        let allowed = json!({ "behavior": "allow", "downloadPath": downloads });
        browser.post("/goog/cdp/execute", &json!({ "cmd": "Browser.setDownloadBehavior", "params": allowed }));
        browser
    }

    /// Sends a command; the error is what the driver says.
    fn try_post(&self, command: &str, body: &Value) -> Result<Value, String> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let answer = agent.post(format!("{}{command}", self.session)).send_json(body);
        let mut answer: Value = answer.and_then(|mut a| a.body_mut().read_json()).map_err(|error| error.to_string())?;
        if answer["value"]["error"].is_string() { Err(answer.to_string()) } else { Ok(answer["value"].take()) }
    }

    #[track_caller]
    fn post(&self, command: &str, body: &Value) -> Value {
        self.try_post(command, body).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    pub fn open(&self, path: &Path) {
        self.post("/url", &json!({ "url": format!("file://{}", path.display()) }));
    }

    pub fn reload(&self) {
        self.post("/refresh", &json!({}));
    }

    /// What the body of a function gives.
    #[track_caller]
    pub fn run(&self, body: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// What the function `arguments[0]` is called with.
    #[track_caller]
    pub fn run_async(&self, body: &str) -> Value {
        self.post("/execute/async", &json!({ "script": body, "args": [] }))
    }

    /// Presses and releases each key, one after the other.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let action = |kind: &str, key: char| json!({ "type": kind, "value": key });
        self.act(&keys.chars().flat_map(|key| [action("keyDown", key), action("keyUp", key)]).collect());
    }

    /// Presses `key` while Ctrl is held.
    #[track_caller]
    pub fn press_with_control(&self, key: &str) {
        let action = |kind: &str, key: &str| json!({ "type": kind, "value": key });
        self.act(&json!([
            action("keyDown", CONTROL),
            action("keyDown", key),
            action("keyUp", key),
            action("keyUp", CONTROL)
        ]));
    }

    #[track_caller]
    fn act(&self, actions: &Value) {
        self.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }));
    }

    /// Clicks on the first element that `selector` finds, with the mouse.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let found = self.post("/element", &json!({ "using": "css selector", "value": selector }));
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        self.post(&format!("/element/{id}/click"), &json!({}));
    }

    /// The text of the first element that `selector` finds.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        self.run(&format!("return document.querySelector({selector:?}).textContent")).as_str().unwrap().to_owned()
    }

    /// Waits until an expression of the page is true.
    #[track_caller]
    pub fn wait_for(&self, expression: &str) {
        wait(expression, || self.run(&format!("return Boolean({expression})")) == true);
    }
}

/// Waits until `is_done` says so.
#[track_caller]
pub fn wait(what: &str, mut is_done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_done() {
        assert!(begun.elapsed() < PATIENCE, "in vain waited for: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
