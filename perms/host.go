package perms

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// fileSystems names the types of file systems that lie about owners or lose writes, by their magic number.
var fileSystems = map[int64]string{
	0x6969: "nfs", 0x01021994: "tmpfs", 0x01021997: "9p", 0x794c7630: "overlay", 0xff534d42: "cifs", 0x65735546: "fuse",
	0xef53: "ext4", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x2fc12fc1: "zfs",
}

// fileSystem says on what kind of file system path lies, for messages.
func fileSystem(path string) string {
	var st unix.Statfs_t
	if unix.Statfs(path, &st) != nil {
		return ""
	}
	if name, ok := fileSystems[int64(st.Type)]; ok {
		return fmt.Sprintf(" (file system: %s)", name)
	}
	return fmt.Sprintf(" (file system: 0x%x)", st.Type)
}

// namespaceHint warns where the uids that are seen are mapped ones.
func namespaceHint() string {
	b, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return ""
	}
	f := strings.Fields(string(b))
	if len(f) == 3 && f[0] == "0" && f[1] == "0" {
		return ""
	}
	return "\nThis process is in a user namespace: owners are seen through its map (/proc/self/uid_map), and chown works only for mapped ids."
}

// overflowUID is the uid that files of unmapped owners show in a user namespace. It says nothing about the owner, and only
// the namespace's parent can change such a directory.
func overflowUID(uid uint32) bool { return uid == 65534 && namespaceHint() != "" }
