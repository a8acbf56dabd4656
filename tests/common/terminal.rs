//! A real terminal (tmux) with real key presses. Where there is no tmux, tests
//! say so and do nothing.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Folder;

/// How long a screen is waited for: cleaning in a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal in which one program runs; what it leaves on the screen stays.
pub struct Terminal {
    server: String,
}

impl Terminal {
    /// Runs `scanno` with `arguments`, as a shell reads them; none if there is no tmux.
    pub fn run(folder: &Folder, arguments: &str, environment: &str) -> Option<Self> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        if Command::new("tmux").arg("-V").output().is_err() {
            println!("skipped: there is no tmux");
            return None;
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let terminal = Self { server: format!("scanno-test-{}-{number}", std::process::id()) };
        let scanno = assert_cmd::cargo::cargo_bin("scanno");
        // On a line of its own: what a shell says of a killed program ends
        // anywhere, and in a terminal left raw a new line starts there.
        let command = format!(
            "env -u NO_COLOR SCANNO_REVIEWER=Ann {environment} XDG_CONFIG_HOME=/nonexistent '{}' {arguments}; printf '\\r\\n[ended: %s]\\r\\n' \"$?\"; exec sleep 600",
            scanno.display()
        );
        let folder = folder.path(".");
        // An own server, without anyone's settings.
        terminal.tmux(&["new-session", "-d", "-x", "80", "-y", "24", "-c", folder.to_str().unwrap(), &command]);
        terminal.tmux(&["set", "-g", "status", "off"]);
        terminal.tmux(&["resize-window", "-x", "80", "-y", "24"]);
        Some(terminal)
    }

    pub fn tmux(&self, arguments: &[&str]) -> String {
        let output =
            Command::new("tmux").args(["-L", &self.server, "-f", "/dev/null", "-u"]).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    pub fn asked(&self, what: &str) -> String {
        self.tmux(&["display-message", "-p", what]).trim().to_owned()
    }

    /// Waits until `text` is on the screen.
    #[track_caller]
    pub fn shows(&self, text: &str) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if screen.contains(text) {
                return screen;
            }
            assert!(start.elapsed() < PATIENCE, "no `{text}` on the screen:\n{screen}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Types `text` as it is.
    pub fn types(&self, text: &str) {
        self.tmux(&["send-keys", "-l", "--", text]);
    }

    /// Presses a key by its name.
    pub fn key(&self, name: &str) {
        self.tmux(&["send-keys", name]);
    }

    /// Waits for the end; gives what is on the screen then. The program has
    /// left the alternate screen.
    #[track_caller]
    pub fn ended(&self, code: &str) -> String {
        self.shows(&format!("[ended: {code}]"));
        assert_eq!(self.asked("#{alternate_on}"), "0");
        // With what has scrolled away; lines that were wrapped are one again.
        self.tmux(&["capture-pane", "-p", "-J", "-S", "-"])
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: &str) {
        let shell = self.asked("#{pane_pid}");
        assert!(Command::new("pkill").args([signal, "-P", &shell]).status().unwrap().success());
    }

    pub fn kill(&self) {
        self.signal("-KILL");
        // A shell reports the signal as 128 + 9.
        self.shows("[ended: 137]");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = Command::new("tmux").args(["-L", &self.server, "kill-server"]).output();
    }
}
