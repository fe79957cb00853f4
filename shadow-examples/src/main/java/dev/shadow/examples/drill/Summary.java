package dev.shadow.examples.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Sums several drills up. */
final class Summary {
    private Summary() {}

    /** A table for a person. */
    static List<String> of(List<DrillReport> reports) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(
                Locale.ROOT, "  %-29s %12s %12s %12s", reports.size() + " drills", "min", "median", "max"));
        row(lines, reports, "detection, ms", report -> report.failover().map(DrillReport.Failover::detectionMillis));
        row(lines, reports, "RTO, ms", report -> report.failover().map(DrillReport.Failover::rtoMillis));
        row(lines, reports, "outage seen by clients, ms", DrillReport::clientOutageMillis);
        row(lines, reports, "shadow ready ahead, ms", DrillReport::readyLeadMillis);
        row(lines, reports, "acknowledged writes", report -> Optional.of((double) report.writes()));
        row(lines, reports, "lost writes", report -> Optional.of((double) report.lost()));
        row(lines, reports, "RPO, bytes", report -> Optional.of((double) report.rpoBytes()));
        row(lines, reports, "RPO, ms", report -> Optional.of(report.rpoMillis()));
        long held = reports.stream().filter(DrillReport::holds).count();
        lines.add(String.format(Locale.ROOT, "  %-29s %d of %d", "data check holds", held, reports.size()));
        return lines;
    }

    private static void row(
            List<String> lines, List<DrillReport> reports, String name, Function<DrillReport, Optional<Double>> value) {
        double[] values = reports.stream()
                .map(value)
                .flatMap(Optional::stream)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (values.length > 0) {
            int middle = values.length / 2;
            double median = values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-29s %,12.1f %,12.1f %,12.1f",
                    name,
                    values[0],
                    median,
                    values[values.length - 1]));
        }
    }
}
