package dev.shadow.core.placement.online;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the cheapest host by best-first search over blocks: the bound of every block is computed from what
 * the best of its hosts offers, blocks are looked into in the order of their bounds, and the search ends when
 * the next bound is not below the best exact cost. The answer is the cheapest host, not an estimate.
 */
final class OfferSearch {
    static final int NONE = -1;

    private final FleetColumns columns;
    private final LicenseColumns licenses;
    private final List<HostFilter> filters;
    private final Map<String, PricedScore> scores;
    private final Ask ask;
    private final long[] scratch;
    private final double[] bound;
    private final int[] heap;
    private int queued;
    private double cost = Double.POSITIVE_INFINITY;

    OfferSearch(
            FleetColumns columns,
            LicenseColumns licenses,
            List<HostFilter> filters,
            Map<String, PricedScore> scores,
            Ask ask) {
        this.columns = columns;
        this.licenses = licenses;
        this.filters = filters;
        this.scores = scores;
        this.ask = ask;
        scratch = new long[columns.slots];
        bound = new double[columns.blocks()];
        heap = new int[columns.blocks()];
    }

    /** Cost of the host that {@link #cheapest} returned. */
    double cost() {
        return cost;
    }

    /** Returns the cheapest host that can be used, or {@link #NONE}. */
    int cheapest() {
        for (int b = 0; b < bound.length; b++) {
            bound[b] = blockBound(b);
            if (bound[b] < Double.POSITIVE_INFINITY) {
                heap[queued++] = b;
            }
        }
        for (int i = queued / 2 - 1; i >= 0; i--) {
            sink(i);
        }
        int best = NONE;
        while (queued > 0 && bound[heap[0]] < cost) {
            int b = heap[0];
            heap[0] = heap[--queued];
            sink(0);
            for (int h = columns.blockStart[b]; h < columns.blockStart[b + 1]; h++) {
                double here = hostBound(h) < cost ? costPerHour(h) : Double.POSITIVE_INFINITY;
                if (here < cost) {
                    cost = here;
                    best = h;
                }
            }
        }
        return best;
    }

    private double blockBound(int b) {
        int h = columns.blockStart[b];
        if (!zoneFits(h)) {
            return Double.POSITIVE_INFINITY;
        }
        long reserve = Math.max(0, ask.peakExtraCpu - columns.blockSlack[ask.slackRow][b]);
        long cpu = ask.held.cpuMillis() + reserve;
        boolean fits = fits(cpu, columns.blockRoom[0][b])
                && fits(ask.held.memoryBytes(), columns.blockRoom[1][b])
                && fits(ask.held.diskBytes(), columns.blockRoom[2][b])
                && fits(ask.held.networkBitsPerSecond(), columns.blockRoom[3][b]);
        if (!fits) {
            return Double.POSITIVE_INFINITY;
        }
        double license = ask.demand.licenses().isEmpty() ? 0 : licenses.blockBound(ask.demand, b);
        return price(h, cpu, ask.held.memoryBytes(), ask.held.networkBitsPerSecond()) + license;
    }

    /** Nothing fits everywhere, also where more is used than there is. */
    static boolean fits(long needed, long room) {
        return needed <= Math.max(0, room);
    }

    private double hostBound(int h) {
        long cpu = ask.held.cpuMillis() + Math.max(0, ask.peakExtraCpu - columns.slack[ask.slackRow][h]);
        return price(h, cpu, ask.held.memoryBytes(), ask.held.networkBitsPerSecond());
    }

    private double price(int h, long cpu, long memory, long network) {
        return columns.unitPrice[0][h] * cpu
                + columns.unitPrice[1][h] * memory
                + columns.unitPrice[2][h] * ask.held.diskBytes()
                + columns.unitPrice[3][h] * network;
    }

    /** What is the same for all hosts of a zone. */
    private boolean zoneFits(int h) {
        boolean apart = switch (ask.demand.tier()) {
            case REGION, ZONE -> !columns.together(h, ask.primary, ask.demand.tier());
            case RACK, HOST -> true;
        };
        return apart && (ask.hostNanos != null || latencyFits(h));
    }

    boolean latencyFits(int h) {
        return ask.latencyNanos(h, columns) <= ask.budgetNanos;
    }

    boolean domainFits(int h) {
        return !columns.together(h, ask.primary, ask.demand.tier()) && !ask.sharesPlace(h, columns);
    }

    /** Exact marginal cost of the shadow on this host; infinity if it cannot be used. */
    double costPerHour(int h) {
        boolean open = columns.hosts[h].schedulable() && !columns.suspected[h] && !ask.closes(h);
        if (!open || !zoneFits(h) || !latencyFits(h) || !domainFits(h)) {
            return Double.POSITIVE_INFINITY;
        }
        double more = capacityCost(h);
        if (more == Double.POSITIVE_INFINITY) {
            return more;
        }
        if (!ask.demand.licenses().isEmpty()) {
            more += licenses.costPerHour(ask.demand, h);
        }
        boolean plain = filters.isEmpty() && scores.isEmpty();
        return plain || more == Double.POSITIVE_INFINITY ? more : more + ownCost(ask.candidate(h, columns));
    }

    /** What the platform's scores add; infinity if one of its filters refuses the candidate. */
    private double ownCost(Candidate candidate) {
        if (refusal(candidate).isPresent()) {
            return Double.POSITIVE_INFINITY;
        }
        double more = 0;
        for (Map.Entry<String, PricedScore> entry : scores.entrySet()) {
            double score = entry.getValue().score().score(candidate);
            if (!(score >= 0 && score <= 1)) {
                throw new IllegalStateException("score " + entry.getKey() + " must be from 0 to 1, was " + score
                        + " for " + candidate.host().id());
            }
            more += score * entry.getValue().pricePerHour();
        }
        return more;
    }

    /** Why the platform's own filters keep the shadow off the host. */
    Optional<String> refusal(int h) {
        return filters.isEmpty() ? Optional.empty() : refusal(ask.candidate(h, columns));
    }

    private Optional<String> refusal(Candidate candidate) {
        for (HostFilter filter : filters) {
            Optional<String> refusal = filter.refusal(candidate);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /** Price of what is held and of the reserve that grows; infinity if it does not fit. */
    double capacityCost(int h) {
        EventLoads loads = columns.loads[h];
        loads.peakWith(ask.events, ask.extra, scratch);
        long before = 0;
        long after = 0;
        for (int t = 0; t < columns.periods; t++) {
            before = Math.max(before, loads.peak(t));
            after = Math.max(after, scratch[t]);
        }
        long cpu = ask.held.cpuMillis() + after - before;
        long memory = ask.held.memoryBytes() + scratch[columns.periods] - loads.peak(columns.periods);
        long network = ask.held.networkBitsPerSecond() + scratch[columns.periods + 1] - loads.peak(columns.periods + 1);
        boolean fits = fits(cpu, columns.room[0][h])
                && fits(memory, columns.room[1][h])
                && fits(ask.held.diskBytes(), columns.room[2][h])
                && fits(network, columns.room[3][h]);
        return fits ? price(h, cpu, memory, network) : Double.POSITIVE_INFINITY;
    }

    private void sink(int from) {
        int at = from;
        int moving = heap[at];
        while (2 * at + 1 < queued) {
            int child = 2 * at + 1;
            if (child + 1 < queued && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], moving)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moving;
    }

    private boolean before(int a, int b) {
        return bound[a] < bound[b] || (bound[a] == bound[b] && a < b);
    }

    /** A score, and the price of its worst. */
    record PricedScore(HostScore score, double pricePerHour) {}
}
