package dev.shadow.examples.forecast;

import dev.shadow.forecast.evaluate.BackTestReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the series with the highest scaled pinball loss, at most {@value #MOST}. Owned by one thread. */
final class WorstSeries {
    static final int MOST = 100;

    private final Comparator<Entry> byLoss =
            Comparator.comparingDouble(Entry::loss).thenComparing(Entry::id, Comparator.reverseOrder());
    private final PriorityQueue<Entry> entries = new PriorityQueue<>(byLoss);

    /** One series and its report. */
    record Entry(String id, BackTestReport report) {
        private double loss() {
            return report.overall().scaledPinball().orElse(-1);
        }
    }

    void add(String id, BackTestReport report) {
        entries.add(new Entry(id, report));
        if (entries.size() > MOST) {
            entries.remove();
        }
    }

    /** The worst first. */
    List<Entry> all() {
        List<Entry> all = new ArrayList<>(entries);
        all.sort(Collections.reverseOrder(byLoss));
        return all;
    }
}
