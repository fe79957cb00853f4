package dev.shadow.core.placement.plan;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Puts shadows where they cost least at the moment: the hardest first, and where nothing fits, in the place of another that
 * is then put elsewhere, and so on (ejection chains; Glover, "Ejection chains, reference structures and alternating path
 * methods", Discrete Applied Mathematics 65, 1996).
 */
final class Insertion {
    private static final int SAMPLE = 400;
    private static final int MAX_CHAIN = 4000;

    private final ReserveState state;
    private final FleetInstance fleet;
    private final HostChoice choice;
    private final SplittableRandom random;
    private final CheapestHost full;
    private long evaluations;

    Insertion(ReserveState state, HostChoice choice, SplittableRandom random) {
        this.state = state;
        this.fleet = state.fleet;
        this.choice = choice;
        this.random = random;
        full = new CheapestHost(state, choice, random);
    }

    long evaluations() {
        return evaluations + full.evaluations();
    }

    /** Places every unplaced shadow that it can; first where they were, then the hard ones, first shadows before second. */
    void insertAll() {
        Integer[] order = IntStream.range(0, state.at.length)
                .filter(s -> state.at[s] < 0)
                .boxed()
                .toArray(Integer[]::new);
        double[] hardness = new double[state.at.length];
        for (int slot : order) {
            hardness[slot] = hardness(slot);
        }
        Arrays.sort(
                order, Comparator.comparingDouble((Integer s) -> -hardness[s]).thenComparing(s -> s));
        Deque<Integer> homeless = new ArrayDeque<>();
        for (int slot : order) {
            int h = full.find(slot, 0);
            if (h < 0) {
                h = cheapest(slot, -1);
            }
            if (h >= 0) {
                state.attach(slot, h);
            } else {
                homeless.add(slot);
            }
        }
        eject(homeless);
    }

    private double hardness(int slot) {
        int v = fleet.slotVm[slot];
        int d = fleet.dimensions;
        double size = 0;
        for (int t = 0; t < d - 1; t++) {
            size = Math.max(size, (double) fleet.demand[v * d + t] * fleet.cpuPrice[0]);
        }
        size += (double) fleet.demand[v * d + d - 1] * fleet.memoryPrice[0];
        double choiceless = (double) fleet.hosts / Math.max(1, choice.all(v).length);
        boolean licensed = fleet.vmLicence[v] >= 0;
        return (size + 1) * choiceless * (licensed ? 3 : 1) * (state.rank(slot) == 0 ? 1 : 0.5);
    }

    /** Returns the host where the shadow costs least, or -1 if it fits nowhere. In a large fleet a sample is looked at first. */
    int cheapest(int slot, int without) {
        int[] hosts = choice.all(fleet.slotVm[slot]);
        if (hosts.length <= 2 * SAMPLE) {
            return cheapestOf(hosts, slot, without);
        }
        int[] sample = new int[SAMPLE];
        for (int i = 0; i < SAMPLE; i++) {
            sample[i] = choice.draw(state, slot, random);
        }
        int found = cheapestOf(sample, slot, without);
        return found >= 0 ? found : cheapestOf(hosts, slot, without);
    }

    private int cheapestOf(int[] hosts, int slot, int without) {
        long least = ReserveState.IMPOSSIBLE - 1;
        int found = -1;
        for (int h : hosts) {
            if (h < 0 || h == without || !state.admissible(slot, h)) {
                continue;
            }
            evaluations++;
            long cost = state.addCost(slot, h, least);
            if (cost < least) {
                least = cost;
                found = h;
            }
        }
        return found;
    }

    private void eject(Deque<Integer> homeless) {
        long budget = (long) MAX_CHAIN + 200L * homeless.size();
        while (!homeless.isEmpty() && budget-- > 0) {
            int slot = homeless.poll();
            int h = cheapest(slot, -1);
            if (h >= 0) {
                state.attach(slot, h);
                continue;
            }
            int victim = victimFor(slot);
            if (victim < 0) {
                homeless.add(slot);
                continue;
            }
            int freed = state.at[victim];
            state.detach(victim);
            state.attach(slot, freed);
            if (!state.fitsWithPair(slot)) {
                state.detach(slot);
                state.attach(victim, freed);
                homeless.add(slot);
                continue;
            }
            int next = cheapest(victim, freed);
            if (next >= 0) {
                state.attach(victim, next);
            } else {
                homeless.add(victim);
            }
        }
    }

    /** Returns a shadow in whose place this one fits; prefers one that fits elsewhere itself. */
    private int victimFor(int slot) {
        int[] hosts = choice.all(fleet.slotVm[slot]);
        int fallback = -1;
        for (int i = 0; i < Math.min(hosts.length, SAMPLE); i++) {
            int h = hosts[random.nextInt(hosts.length)];
            if (!state.admissible(slot, h)) {
                continue;
            }
            for (int other : state.slots.copy(h)) {
                if (state.steersAnother(other)) {
                    continue;
                }
                evaluations++;
                if (state.exchangeCost(other, slot, h) >= ReserveState.IMPOSSIBLE) {
                    continue;
                }
                if (cheapest(other, h) >= 0) {
                    return other;
                }
                fallback = fallback < 0 || random.nextInt(4) == 0 ? other : fallback;
            }
        }
        return fallback;
    }
}
