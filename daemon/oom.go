package daemon

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// A service manager may shield the postmaster from the kernel's out-of-memory killer. What it starts inherits the shield, but
// a backend that eats all memory is the one that should go, and nobody else goes with it.

func ownOOMAdjust() int {
	b, err := os.ReadFile("/proc/self/oom_score_adj")
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return n
}

// exposeToOOM takes the shield from a child. That it fails changes nothing for anybody.
func exposeToOOM(pid int) {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid), []byte("0"), 0)
}
