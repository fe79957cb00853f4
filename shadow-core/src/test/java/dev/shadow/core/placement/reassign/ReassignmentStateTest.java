package dev.shadow.core.placement.reassign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.tck.property.SeededTest;
import java.util.random.RandomGenerator;

final class ReassignmentStateTest {
    private static final long NO_LIMIT = ReassignmentState.REFUSED - 1;

    @SeededTest
    void aShiftIsPricedAndRefusedAsIfCountedAnew(RandomGenerator random) {
        ReassignmentProblem problem = RandomProblems.any(random, 2 + random.nextInt(6), 2 + random.nextInt(14));
        ReassignmentState state = new ReassignmentState(problem, problem.origin);

        for (int i = 0; i < 150; i++) {
            int process = random.nextInt(problem.processes);
            int to = random.nextInt(problem.machines);
            int[] after = state.assignment();
            long before = problem.cost(after).total();
            boolean stays = after[process] == to;
            after[process] = to;

            long rise = state.shiftCost(process, to, NO_LIMIT);

            assertThat(rise == ReassignmentState.REFUSED)
                    .isEqualTo(stays || problem.violation(after).isPresent());
            if (rise != ReassignmentState.REFUSED) {
                assertThat(before + rise).isEqualTo(problem.cost(after).total());
                state.shift(process, to, rise);
                assertThat(state.cost()).isEqualTo(before + rise);
                assertThat(state.assignment()).isEqualTo(after);
            }
        }
    }

    @SeededTest
    void aSwapIsPricedAndRefusedAsIfCountedAnew(RandomGenerator random) {
        ReassignmentProblem problem = RandomProblems.any(random, 2 + random.nextInt(6), 2 + random.nextInt(14));
        ReassignmentState state = new ReassignmentState(problem, problem.origin);

        for (int i = 0; i < 300; i++) {
            int process = random.nextInt(problem.processes);
            int other = random.nextInt(problem.processes);
            int[] after = state.assignment();
            long before = problem.cost(after).total();
            boolean together = after[process] == after[other];
            int from = after[process];
            after[process] = after[other];
            after[other] = from;

            long rise = state.swapCost(process, other, NO_LIMIT);

            assertThat(rise == ReassignmentState.REFUSED)
                    .isEqualTo(together || problem.violation(after).isPresent());
            if (rise != ReassignmentState.REFUSED) {
                assertThat(before + rise).isEqualTo(problem.cost(after).total());
                state.swap(process, other, rise);
                assertThat(state.cost()).isEqualTo(before + rise);
            }
            int shifted = random.nextInt(problem.processes);
            int to = random.nextInt(problem.machines);
            long shift = state.shiftCost(shifted, to, NO_LIMIT);
            if (shift != ReassignmentState.REFUSED) {
                state.shift(shifted, to, shift);
            }
        }
        assertThat(problem.violation(state.assignment())).isEmpty();
        assertThat(state.cost()).isEqualTo(problem.cost(state.assignment()).total());
    }

    @SeededTest
    void aPriceOfTransientAmountsChangesRisesAndNeverTheCost(RandomGenerator random) {
        ReassignmentProblem problem = RandomProblems.any(random, 2 + random.nextInt(6), 2 + random.nextInt(14));
        ReassignmentState state = new ReassignmentState(problem, problem.origin);

        for (int i = 0; i < 200; i++) {
            if (i % 20 == 0) {
                state.priceTransient(random.nextDouble());
            }
            int process = random.nextInt(problem.processes);
            int to = random.nextInt(problem.machines);
            long shift = state.shiftCost(process, to, NO_LIMIT);
            if (shift != ReassignmentState.REFUSED) {
                state.shift(process, to, shift);
            }
            int other = random.nextInt(problem.processes);
            long swap = state.swapCost(process, other, NO_LIMIT);
            if (swap != ReassignmentState.REFUSED) {
                state.swap(process, other, swap);
            }
            assertThat(state.cost()).isEqualTo(problem.cost(state.assignment()).total());
        }
    }

    @SeededTest
    void aMoveAboveTheLimitIsRefused(RandomGenerator random) {
        ReassignmentProblem problem = RandomProblems.any(random, 4, 10);
        ReassignmentState state = new ReassignmentState(problem, problem.origin);

        for (int process = 0; process < problem.processes; process++) {
            for (int to = 0; to < problem.machines; to++) {
                long rise = state.shiftCost(process, to, NO_LIMIT);
                if (rise != ReassignmentState.REFUSED) {
                    assertThat(state.shiftCost(process, to, rise)).isEqualTo(rise);
                    assertThat(state.shiftCost(process, to, rise - 1)).isEqualTo(ReassignmentState.REFUSED);
                }
            }
        }
    }
}
