//! A disk that is soon full.

use std::path::PathBuf;
use std::process::Command;

/// A file system of its own in `folder`, as long as this lives.
pub struct Small(PathBuf);

impl Small {
    pub fn mount(folder: PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir_all(&folder).unwrap();
        let options = format!("size={size}");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&folder).output();
        mount.is_ok_and(|mount| mount.status.success()).then_some(Self(folder))
    }

    pub fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        assert!(Command::new("mount").args(["-o", &options]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
