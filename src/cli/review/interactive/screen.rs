//! [`Screen`]: the terminal while it shows the interface, and as it was before
//! as soon as it does not, whatever happens.

use std::io::{self, IsTerminal};

use anyhow::{Result, anyhow, bail};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::execute;

use crate::cli::signals::restore_on_interrupt;

/// The terminal, taken over.
pub(super) struct Screen(pub(super) DefaultTerminal);

impl Screen {
    /// Takes the terminal over. A panic and an interrupt give it back too.
    pub(super) fn enter() -> Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            bail!("-i needs a terminal for input and output; leave it out to have a diff");
        }
        let fault = |error: io::Error| anyhow!("the terminal cannot be used: {error}");
        let terminal = ratatui::try_init().map_err(fault)?;
        restore_on_interrupt(restore);
        let screen = Self(terminal);
        // Pasted text must not be taken for keys.
        execute!(io::stdout(), EnableBracketedPaste).map_err(fault)?;
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

fn restore() {
    let _ = execute!(io::stdout(), DisableBracketedPaste);
    let _ = ratatui::try_restore();
}
