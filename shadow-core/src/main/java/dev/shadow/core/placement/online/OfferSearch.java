package dev.shadow.core.placement.online;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the cheapest host by best-first search over the index: every node is bounded by what the best of its
 * hosts offer, nodes are looked into in the order of their bounds, and the search ends when the next bound is
 * not below the best exact cost. The answer is the cheapest host, not an estimate.
 */
final class OfferSearch {
    static final int NONE = -1;

    private static final int FIRST = 16;

    private final FleetColumns columns;
    private final LicenseColumns licenses;
    private final List<HostFilter> filters;
    private final Map<String, PricedScore> scores;
    private final LastWinners winners;
    private final Ask ask;
    private final long[] scratch;
    private double[] bounds = new double[0];
    private int[] heap = new int[0];
    private int queued;
    private int best = NONE;
    private double cost = Double.POSITIVE_INFINITY;

    OfferSearch(
            FleetColumns columns,
            LicenseColumns licenses,
            List<HostFilter> filters,
            Map<String, PricedScore> scores,
            LastWinners winners,
            Ask ask) {
        this.winners = winners;
        this.columns = columns;
        this.licenses = licenses;
        this.filters = filters;
        this.scores = scores;
        this.ask = ask;
        scratch = new long[columns.slots];
    }

    /** Cost of the host that {@link #cheapest} returned. */
    double cost() {
        return cost;
    }

    /** Returns the cheapest host that can be used, or {@link #NONE}. */
    int cheapest() {
        FleetIndex index = columns.index;
        bounds = new double[2 * index.groups + FIRST];
        heap = new int[bounds.length];
        for (int i = 0; i < LastWinners.KEPT; i++) {
            look(winners.get(ask, i));
        }
        for (int group = 0; group < index.groups; group++) {
            if (zoneFits(index.anyHost(group))) {
                consider(group);
            }
        }
        while (queued > 0 && bounds[0] < cost) {
            int node = pop();
            for (int i = index.from(node); i < index.to(node); i++) {
                int child = index.child(node, i);
                if (index.isGroup(node)) {
                    consider(child);
                } else {
                    look(child);
                }
            }
        }
        if (best != NONE) {
            winners.won(ask, best);
        }
        return best;
    }

    private void look(int h) {
        double here = costPerHour(h);
        if (here < cost) {
            cost = here;
            best = h;
        }
    }

    private void consider(int node) {
        double bound = columns.index.bound(node, ask);
        if (bound < cost && !ask.demand.licenses().isEmpty()) {
            bound += licenses.bound(ask.demand, node);
        }
        if (bound < cost) {
            push(node, bound);
        }
    }

    /** Nothing fits everywhere, also where more is used than there is. */
    static boolean fits(long needed, long room) {
        return needed <= Math.max(0, room);
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
        boolean open = columns.isOpen(h) && !ask.closes(h);
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

    private void push(int node, double bound) {
        if (queued == heap.length) {
            bounds = Arrays.copyOf(bounds, 2 * queued);
            heap = Arrays.copyOf(heap, 2 * queued);
        }
        int at = queued++;
        while (at > 0 && before(bound, node, (at - 1) / 2)) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        bounds[at] = bound;
        heap[at] = node;
    }

    private int pop() {
        int first = heap[0];
        queued--;
        double bound = bounds[queued];
        int node = heap[queued];
        int at = 0;
        while (2 * at + 1 < queued) {
            int child = 2 * at + 1;
            if (child + 1 < queued && before(bounds[child + 1], heap[child + 1], child)) {
                child++;
            }
            if (before(bound, node, child)) {
                break;
            }
            move(child, at);
            at = child;
        }
        bounds[at] = bound;
        heap[at] = node;
        return first;
    }

    private void move(int from, int to) {
        bounds[to] = bounds[from];
        heap[to] = heap[from];
    }

    /** Whether a node comes before the one that stands there; of equal bounds blocks come before groups. */
    private boolean before(double bound, int node, int there) {
        return bound < bounds[there] || (bound == bounds[there] && node > heap[there]);
    }

    /** A score, and the price of its worst. */
    record PricedScore(HostScore score, double pricePerHour) {}
}
