package main

import (
	"os/exec"
	"strings"
	"testing"
)

// layout is the direction of imports: for each package (and, with "/…", all below it) what it may not reach, directly or through others.
var layout = []struct {
	of     string
	except []string // packages below of to which the rule does not apply
	not    []string
	why    string
}{
	{of: "pgd/perms", not: []string{"pgd/install", "pgd/daemon", "pgd/backend", "pgd/cmd"}, why: "perms is a leaf"},
	{of: "pgd/install/site", not: []string{"pgd/install/", "pgd/daemon", "pgd/backend", "pgd/cmd"}, except: []string{"pgd/install/site"}, why: "site is a leaf"},
	{of: "pgd/install/settings", not: []string{"pgd/perms", "pgd/daemon", "pgd/backend", "pgd/cmd", "pgd/install/site"}, why: "settings is a leaf"},
	{of: "pgd/daemon/children", not: []string{"pgd/install", "pgd/daemon/", "pgd/backend", "pgd/perms"}, except: []string{"pgd/daemon/children"}, why: "children is a leaf"},
	{of: "pgd/daemon/handoff", not: []string{"pgd/install", "pgd/daemon/", "pgd/backend", "pgd/perms"}, except: []string{"pgd/daemon/handoff"}, why: "handoff is a leaf"},
	{of: "pgd/backend/pgerr", not: []string{"pgd/"}, except: []string{"pgd/backend/pgerr"}, why: "pgerr is a leaf"},
	{of: "pgd/backend/wire", not: []string{"pgd/"}, except: []string{"pgd/backend/wire", "pgd/backend/pgerr"}, why: "wire is a leaf"},
	{of: "pgd/backend/types", not: []string{"pgd/"}, except: []string{"pgd/backend/types", "pgd/backend/pgerr"}, why: "types is a leaf"},
	{of: "pgd/daemon", not: []string{"pgd/backend", sqlite, parser}, why: "the postmaster parses no client's bytes and opens no database"},
	{of: "pgd/install", not: []string{"pgd/backend", "pgd/daemon", sqlite, parser}, why: "the installer opens no database"},
	{of: "pgd/backend/analyze", not: []string{sqlite, "pgd/backend/compile", "pgd/backend/storage", "pgd/backend/session", "pgd/backend/functions", "pgd/daemon", "pgd/install"}, why: "analysis knows nothing of what runs it"},
	{of: "pgd/backend/catalog", not: []string{sqlite, parser, "pgd/backend/analyze", "pgd/backend/storage", "pgd/backend/session", "pgd/daemon", "pgd/install"}, why: "the catalog reads through an interface"},
	{of: "pgd/backend/functions", not: []string{sqlite, parser, "pgd/backend/analyze", "pgd/backend/compile", "pgd/backend/storage", "pgd/backend/session", "pgd/daemon", "pgd/install/site"}, why: "functions know values, the catalog and an environment"},
	{of: "pgd/backend/storage", not: []string{parser, "pgd/backend/analyze", "pgd/backend/catalog", "pgd/backend/compile", "pgd/backend/session", "pgd/daemon", "pgd/install"}, why: "storage knows no SQL of PostgreSQL"},
}

const (
	sqlite = "github.com/ncruces/go-sqlite3"
	parser = "github.com/pganalyze/pg_query_go"
)

// direct are third parties that only certain packages may import themselves.
var direct = map[string][]string{
	sqlite: {"pgd/backend/storage", "pgd/daemon/keeper"},
	parser: {"pgd/backend/parse"},
}

// Ensure that packages import in the direction the design gives, and that the driver and the parser are known in one place each.
func TestImportDirections(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{join .Imports \" \"}}\t{{join .Deps \" \"}}", "pgd/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			t.Fatalf("go list gave %q", line)
		}
		packages++
		checkLayout(t, f[0], strings.Fields(f[2]))
		checkDirect(t, f[0], strings.Fields(f[1]))
	}
	if packages < 20 {
		t.Errorf("only %d packages seen", packages)
	}
}

func checkLayout(t *testing.T, pkg string, deps []string) {
	t.Helper()
	for _, rule := range layout {
		if pkg != rule.of {
			continue
		}
	deps:
		for _, d := range deps {
			for _, ok := range rule.except {
				if d == ok {
					continue deps
				}
			}
			for _, no := range rule.not {
				if strings.HasPrefix(d, no) {
					t.Errorf("%s must not reach %s: %s", pkg, d, rule.why)
				}
			}
		}
	}
}

func checkDirect(t *testing.T, pkg string, imports []string) {
	t.Helper()
	for third, allowed := range direct {
		for _, imp := range imports {
			if !strings.HasPrefix(imp, third) {
				continue
			}
			ok := false
			for _, a := range allowed {
				ok = ok || pkg == a
			}
			if !ok {
				t.Errorf("%s imports %s; only %s may", pkg, imp, strings.Join(allowed, ", "))
			}
		}
	}
}
