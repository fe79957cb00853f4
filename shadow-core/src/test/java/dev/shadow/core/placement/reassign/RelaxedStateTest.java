package dev.shadow.core.placement.reassign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.tck.property.SeededTest;
import java.util.random.RandomGenerator;

final class RelaxedStateTest {
    private static final long NO_LIMIT = RelaxedState.REFUSED - 1;
    private static final long PER_BREAK = 700;

    @SeededTest
    void everyMoveIsPricedAndCountedAsIfCountedAnew(RandomGenerator random) {
        ReassignmentProblem problem = RandomProblems.any(random, 2 + random.nextInt(6), 2 + random.nextInt(14));
        RelaxedState state = new RelaxedState(problem, problem.origin);

        for (int i = 0; i < 200; i++) {
            long perUnit = 1 + random.nextInt(9);
            state.price((double) perUnit, (double) PER_BREAK);
            int process = random.nextInt(problem.processes);
            long before = priced(problem, state.assignment(), perUnit);
            long rise;
            if (random.nextBoolean()) {
                int to = random.nextInt(problem.machines);
                rise = state.shiftPrice(process, to, NO_LIMIT);
                if (rise != RelaxedState.REFUSED) {
                    assertThat(state.shiftPrice(process, to, rise)).isEqualTo(rise);
                    assertThat(state.shiftPrice(process, to, rise - 1)).isEqualTo(RelaxedState.REFUSED);
                    state.shift(process, to, rise);
                }
            } else {
                int other = random.nextInt(problem.processes);
                rise = state.swapPrice(process, other, NO_LIMIT);
                if (rise != RelaxedState.REFUSED) {
                    assertThat(state.swapPrice(process, other, rise)).isEqualTo(rise);
                    assertThat(state.swapPrice(process, other, rise - 1)).isEqualTo(RelaxedState.REFUSED);
                    state.swap(process, other, rise);
                }
            }

            int[] after = state.assignment();
            if (rise != RelaxedState.REFUSED) {
                assertThat(priced(problem, after, perUnit)).isEqualTo(before + rise);
            }
            assertThat(state.cost()).isEqualTo(problem.cost(after).total());
            assertThat(state.overflow()).isEqualTo(overflow(problem, after, false));
            assertThat(state.broken()).isEqualTo(broken(problem, after));
            assertThat(state.isAllowed()).isEqualTo(problem.violation(after).isEmpty());
        }
    }

    private static long priced(ReassignmentProblem problem, int[] assignment, long perUnit) {
        return problem.cost(assignment).total()
                + perUnit * overflow(problem, assignment, true)
                + PER_BREAK * broken(problem, assignment);
    }

    private static long overflow(ReassignmentProblem problem, int[] assignment, boolean weighted) {
        long sum = 0;
        for (int m = 0; m < problem.machines; m++) {
            for (int r = 0; r < problem.resources; r++) {
                long load = 0;
                for (int p = 0; p < problem.processes; p++) {
                    boolean counts = assignment[p] == m || (problem.origin[p] == m && problem.transientMask[r] != 0);
                    load += counts ? problem.requirement[p * problem.resources + r] : 0;
                }
                long above = Math.max(0, load - problem.capacity[m * problem.resources + r]);
                sum += weighted ? above * problem.loadWeight[r] : above;
            }
        }
        return sum;
    }

    private static long broken(ReassignmentProblem problem, int[] assignment) {
        boolean[][] inLocation = new boolean[problem.services][problem.locations];
        boolean[][] inNeighbourhood = new boolean[problem.services][problem.neighbourhoods];
        boolean[] used = new boolean[problem.services];
        for (int p = 0; p < problem.processes; p++) {
            int service = problem.service[p];
            used[service] = true;
            inLocation[service][problem.location[assignment[p]]] = true;
            inNeighbourhood[service][problem.neighbourhood[assignment[p]]] = true;
        }
        long count = 0;
        for (int s = 0; s < problem.services; s++) {
            int distinct = 0;
            for (boolean is : inLocation[s]) {
                distinct += is ? 1 : 0;
            }
            count += used[s] ? Math.max(0, problem.spread[s] - distinct) : 0;
            for (int i = problem.needs.starts()[s]; i < problem.needs.starts()[s + 1]; i++) {
                int needed = problem.needs.values()[i];
                for (int n = 0; n < problem.neighbourhoods; n++) {
                    count += inNeighbourhood[s][n] && !inNeighbourhood[needed][n] ? 1 : 0;
                }
            }
        }
        return count;
    }
}
