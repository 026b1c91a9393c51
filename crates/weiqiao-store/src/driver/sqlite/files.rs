//! The files: private to their owner, on a local disk, used by one process.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::{StoreError, StoreErrorKind};

/// Owner only.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// The database file and the lock that makes it ours. The lock goes when this is dropped or the process ends, however
/// it ends.
#[derive(Debug)]
pub(super) struct Files {
    database: PathBuf,
    _lock: File,
}

impl Files {
    /// Makes the folder and the file when they are missing, and takes the lock.
    pub(super) fn claim(path: &Path) -> Result<Self, StoreError> {
        let database = resolve(path)?;
        refuse_network_disk(&database)?;
        let lock = lock(&database)?;
        prepare(&database).map_err(|error| at(&database, "opening the database file", &error))?;
        Ok(Self { database, _lock: lock })
    }

    /// The database file, its folder resolved.
    pub(super) fn database(&self) -> &Path {
        &self.database
    }

    /// What this user may still write there, as far as the operating system says so.
    pub(super) fn free_bytes(&self) -> Option<u64> {
        free_bytes(&self.database)
    }
}

/// What this user may still write on the disk of a file, as far as the operating system says so.
pub(super) fn free_bytes(file: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(file).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// The one true name of the file, so that two ways of writing it share a lock. Makes the folder.
fn resolve(path: &Path) -> Result<PathBuf, StoreError> {
    let name = path
        .file_name()
        .ok_or_else(|| StoreError::config(format!("{}: this names no database file", path.display())))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder)
        .map_err(|error| at(folder, "making the folder of the database", &error))?;
    match fs::canonicalize(path) {
        Ok(existing) => Ok(existing),
        Err(_) => {
            let folder = fs::canonicalize(folder);
            Ok(folder.map_err(|error| at(path, "looking up the folder of the database", &error))?.join(name))
        }
    }
}

/// Takes the lock file beside the database, without waiting.
fn lock(database: &Path) -> Result<File, StoreError> {
    let path = beside(database, ".lock");
    let failed = |error: std::io::Error| at(&path, "taking the lock of the database", &error);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {
            // Only for people and for the message below; the lock itself is the operating system's.
            file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(failed)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => Err(StoreError::new(
            StoreErrorKind::Locked,
            format!(
                "the database {} is in use by another process{}, which holds {}: stop that one, give this one its own \
                 database, or use Postgres for several instances",
                database.display(),
                holder(&mut file).map_or_else(String::new, |id| format!(" (id {id})")),
                path.display(),
            ),
        )),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// The process id the holder of the lock wrote down.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// Makes the file before SQLite does, so that nobody else can ever read it; SQLite gives the files it adds (WAL, shared
/// memory) the same mode. A file that was readable for others is closed to them.
fn prepare(database: &Path) -> std::io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(FILE_MODE).open(database)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    Ok(())
}

/// The path with something appended to its file name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn at(path: &Path, what: &str, error: &std::io::Error) -> StoreError {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    let kind = match error.kind() {
        StorageFull | QuotaExceeded => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Config,
    };
    StoreError::new(kind, format!("{what}, {}: {error}", path.display()))
}

/// SQLite's WAL needs memory shared between the connections and locks that hold; network disks give neither for sure.
fn refuse_network_disk(database: &Path) -> Result<(), StoreError> {
    // Elsewhere than on Linux there is no such list; then nothing can be said.
    let Ok(mounts) = fs::read_to_string("/proc/self/mounts") else { return Ok(()) };
    match file_system(&mounts, database) {
        Some(kind) if is_network(kind) => Err(StoreError::config(format!(
            "{} is on a network disk ({kind}), where SQLite may lose data: use a local disk, or Postgres",
            database.display()
        ))),
        _ => Ok(()),
    }
}

/// The kind of file system a path is on, by the list of mounts: the longest mount point that leads to it, the last one
/// where several are stacked.
fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mounted = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (_device, point, kind) = (words.next()?, words.next()?, words.next()?);
        // The kernel writes blanks and the like in mount points as octal escapes.
        let point = PathBuf::from(point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"));
        path.starts_with(&point).then(|| (point.components().count(), kind))
    });
    mounted.max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

fn is_network(kind: &str) -> bool {
    const NETWORK: [&str; 12] = [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.glusterfs",
    ];
    NETWORK.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "/dev/root / ext4 rw 0 0\nserver:/x /mnt/share nfs4 rw 0 0\ntmpfs /mnt/share/ram tmpfs rw 0 0\n\
        //nas/y /mnt/with\\040blank cifs rw 0 0\n";

    #[test]
    fn network_disks_are_told_from_local_ones() {
        let kind = |path: &str| file_system(MOUNTS, Path::new(path)).unwrap();
        assert_eq!(kind("/srv/weiqiao.db"), "ext4");
        assert_eq!(kind("/mnt/share/weiqiao.db"), "nfs4");
        assert_eq!(kind("/mnt/shared/weiqiao.db"), "ext4");
        assert_eq!(kind("/mnt/share/ram/weiqiao.db"), "tmpfs");
        assert_eq!(kind("/mnt/with blank/weiqiao.db"), "cifs");
        assert!(is_network("nfs4") && is_network("cifs") && !is_network("ext4") && !is_network("tmpfs"));
    }

    #[test]
    fn the_lock_is_one_whichever_way_the_path_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let held = Files::claim(&folder.path().join("weiqiao.db")).unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        let second = Files::claim(&folder.path().join("sub/../weiqiao.db")).unwrap_err();
        assert_eq!(second.kind(), StoreErrorKind::Locked);
        let text = second.to_string();
        assert!(text.contains("weiqiao.db.lock") && text.contains(&std::process::id().to_string()), "{text}");
        drop(held);
        Files::claim(&folder.path().join("weiqiao.db")).unwrap();
    }

    #[test]
    fn files_and_folders_are_private_and_are_made_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/deep/weiqiao.db");
        drop(Files::claim(&path).unwrap());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&beside(&path, ".lock")), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        drop(Files::claim(&path).unwrap());
        assert_eq!(mode(&path), 0o600);
    }
}
