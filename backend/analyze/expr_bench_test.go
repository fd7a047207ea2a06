package analyze

import (
	"testing"

	"pgd/backend/parse"
)

// BenchmarkPointSelect is what a simple statement from text costs before it is compiled.
func BenchmarkPointSelect(b *testing.B) {
	const sql = "SELECT t FROM t1 WHERE id = 12345"
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			if _, err := parse.Parse(sql); err != nil {
				b.Fatal(err)
			}
		}
	})
	a := newTestAnalyzer(b)
	sts, err := parse.Parse(sql)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("analyze", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			one := *a
			if _, err := one.Query(sts[0]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
