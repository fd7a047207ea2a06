package settings

import (
	"bytes"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
)

const settingsDocument = "../../docs/settings.md"

const settingsHead = `# Settings

Every setting a site knows, by category. How they are written and put into effect: [configuration.md](configuration.md).

*Change* says when a new value is taken: **restart** of the site, **reload** (` + "`pgd reload`" + `), at the start of a **session**, or by ` + "`SET`" + ` in it
(**set**; **set, superuser** where only a superuser may); **fixed** ones only tell. *Effect* **none**: accepted, checked, shown and stored
because clients, dumps and configuration files name it; it changes nothing here.

Generated from the table itself by ` + "`go test ./install/settings -run TestSettingsDocument -update`" + `; the same test fails when this page is stale.
`

// changes says in words when a new value is taken.
var changes = map[string]string{
	ContextInternal: "fixed", ContextPostmaster: "restart", ContextSighup: "reload", ContextSuperuserBackend: "session, superuser",
	ContextBackend: "session", ContextSuperuser: "set, superuser", ContextUser: "set",
}

// Ensure that docs/settings.md lists every setting as the table has it.
func TestSettingsDocument(t *testing.T) {
	byCategory := map[string][]*Setting{}
	var categories []string
	none, shown := 0, 0
	for _, s := range All() {
		if s.NoShow {
			continue
		}
		if byCategory[s.Category] == nil {
			categories = append(categories, s.Category)
		}
		byCategory[s.Category] = append(byCategory[s.Category], s)
		shown++
		if s.NoEffect {
			none++
		}
	}
	sort.Strings(categories)
	var b bytes.Buffer
	b.WriteString(settingsHead)
	fmt.Fprintf(&b, "%d settings; %d of them have no effect.\n", shown, none)
	for _, c := range categories {
		fmt.Fprintf(&b, "\n## %s\n\n| name | type | default | change | effect | what |\n|---|---|---|---|---|---|\n", c)
		for _, s := range byCategory[c] {
			effect := ""
			if s.NoEffect {
				effect = "none"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", s.Name, kindInWords(s), code(s.Show(s.Default)), changes[s.Context], effect, escape(s.Short))
		}
	}
	if *update {
		if err := os.WriteFile(settingsDocument, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(settingsDocument)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s is stale: go test ./install/settings -run TestSettingsDocument -update", settingsDocument)
	}
}

// kindInWords is the type with its unit, limits or words.
func kindInWords(s *Setting) string {
	switch s.Type {
	case Enum:
		return escape(strings.Join(s.Enum, ", "))
	case Integer, Real:
		limits := fmt.Sprintf("%v to %v", s.Min, s.Max)
		if s.Type == Integer {
			limits = fmt.Sprintf("%d to %d", int64(s.Min), int64(s.Max))
		} else if s.Max >= maxReal {
			limits = fmt.Sprintf("from %v", s.Min)
		}
		if s.Unit != "" {
			return fmt.Sprintf("%s in %s, %s", s.Type, s.Unit, limits)
		}
		return s.Type + ", " + limits
	}
	return s.Type
}

func code(v string) string {
	if v == "" {
		return ""
	}
	return "`" + escape(v) + "`"
}

func escape(v string) string { return strings.ReplaceAll(v, "|", `\|`) }
