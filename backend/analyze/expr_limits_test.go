package analyze

import (
	"strings"
	"testing"
	"time"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Ensure that expressions which repeat their operands, or nest without end, are refused soon and do not eat the machine.
func TestGrowingExpressionsAreRefused(t *testing.T) {
	for name, sql := range map[string]string{
		"between":   "select " + strings.Repeat("(", 60) + "b" + strings.Repeat(" between true and false)", 60) + " from t1",
		"symmetric": "select " + strings.Repeat("(", 60) + "b" + strings.Repeat(" between symmetric true and false)", 60) + " from t1",
		"in":        "select " + strings.Repeat("(", 60) + "b" + strings.Repeat(" in (b, b))", 60) + " from t1",
		"plus":      "select 1" + strings.Repeat("+1", 4000),
		"parens":    "select " + strings.Repeat("-(", 3000) + "id" + strings.Repeat(")", 3000) + " from t1",
	} {
		sts, err := parse.Parse(sql)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := newTestAnalyzer(t).Query(sts[0]); pgerr.Code(err) != pgerr.StatementTooComplex {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}
