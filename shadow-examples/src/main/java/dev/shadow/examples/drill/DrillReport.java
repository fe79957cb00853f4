package dev.shadow.examples.drill;

import dev.shadow.spi.failover.FailoverReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of a drill; durations in milliseconds.
 *
 * @param mode when writes were acknowledged
 * @param victim what was killed
 * @param seed the seed
 * @param holds whether the data check holds
 * @param verdict the outcome in a sentence
 * @param forecastLeadMillis from the forecast firing to the crossing; empty if it did not fire ahead of it
 * @param readyLeadMillis from the shadow being ready to the crossing; empty if it was not ready ahead of it
 * @param warmUpMillis from the decision to the shadow being ready
 * @param failover the failover in times; empty if there was none
 * @param clientOutageMillis longest time without any acknowledged write around the kill; empty without one
 * @param writes acknowledged writes that were checked
 * @param reads reads that the clients made meanwhile
 * @param lost acknowledged writes that are not there
 * @param rpoBytes bytes of those
 * @param rpoMillis age of the oldest of those at the kill
 * @param violations what should be otherwise
 */
record DrillReport(
        String mode,
        String victim,
        long seed,
        boolean holds,
        String verdict,
        Optional<Double> forecastLeadMillis,
        Optional<Double> readyLeadMillis,
        Optional<Double> warmUpMillis,
        Optional<Failover> failover,
        Optional<Double> clientOutageMillis,
        long writes,
        long reads,
        long lost,
        long rpoBytes,
        double rpoMillis,
        List<String> violations) {
    /**
     * A failover in times.
     *
     * @param from host of the old primary
     * @param to host of the new one
     * @param generation generation that the virtual machine was raised to
     * @param ordered whether it was ordered, rather than begun by the manager itself
     * @param detectionMillis from the kill to the verdict, or to the order
     * @param rtoMillis from the verdict to serving
     * @param steps the steps of that
     * @param fence who confirmed the fence, and by what
     * @param epoch epoch that was promoted
     * @param lastWrite last write of the old generation in it
     * @param everyWriteKept whether the manager knew that nothing would be lost
     */
    record Failover(
            String from,
            String to,
            long generation,
            boolean ordered,
            double detectionMillis,
            double rtoMillis,
            List<Step> steps,
            String fence,
            long epoch,
            long lastWrite,
            boolean everyWriteKept) {}

    /** A step of the failover. */
    record Step(String name, double millis, int attempts) {}

    static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e4) / 100.0;
    }

    static List<Step> steps(FailoverReport report) {
        return report.steps().stream()
                .map(step ->
                        new Step(step.step().name().toLowerCase(Locale.ROOT), millis(step.duration()), step.attempts()))
                .toList();
    }

    /** The report as a table for a person. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(title("Result"));
        row(lines, "replication", mode + ", killed: " + victim);
        forecastLeadMillis.ifPresent(lead -> row(lines, "forecast of the rise", ahead(lead)));
        readyLeadMillis.ifPresent(lead -> row(lines, "shadow ready", ahead(lead)));
        failover.ifPresent(taken -> failoverRows(lines, taken));
        clientOutageMillis.ifPresent(outage -> row(lines, "outage seen by clients", ms(outage)));
        row(lines, "RPO", String.format(Locale.ROOT, "%,d bytes, %s", rpoBytes, ms(rpoMillis)));
        row(lines, "acknowledged writes", String.format(Locale.ROOT, "%,d checked, %,d lost", writes, lost));
        row(lines, "data check", (holds ? "HOLDS: " : "FAILED: ") + verdict);
        violations.forEach(violation -> row(lines, "", violation));
        lines.add("  " + "-".repeat(76));
        return lines;
    }

    private static String title(String text) {
        return "  --- " + text + " " + "-".repeat(71 - text.length());
    }

    private static void failoverRows(List<String> lines, Failover taken) {
        row(
                lines,
                "failover",
                "host " + taken.from() + " -> host " + taken.to() + ", generation " + taken.generation());
        row(lines, taken.ordered() ? "kill to order" : "detection (kill to verdict)", ms(taken.detectionMillis()));
        row(lines, taken.ordered() ? "RTO (order to serving)" : "RTO (verdict to serving)", ms(taken.rtoMillis()));
        for (Step step : taken.steps()) {
            row(lines, "    " + step.name(), ms(step.millis()));
        }
        double named = taken.steps().stream().mapToDouble(Step::millis).sum();
        row(lines, "    recording and waiting", ms(Math.max(0, taken.rtoMillis() - named)));
        row(lines, "fence confirmed by", taken.fence());
        row(lines, "promoted", "epoch " + taken.epoch() + ", up to disk write " + taken.lastWrite());
    }

    private static void row(List<String> lines, String name, String value) {
        lines.add(String.format(Locale.ROOT, "  %-29s %s", name, value));
    }

    private static String ms(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    private static String ahead(double millis) {
        return String.format(Locale.ROOT, "%.1f s %s it", Math.abs(millis) / 1000, millis >= 0 ? "ahead of" : "AFTER");
    }
}
