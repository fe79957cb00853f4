package dev.shadow.core.placement.reassign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.core.placement.search.BudgetMeter;
import dev.shadow.core.placement.search.SearchBudget;
import dev.shadow.core.placement.search.SearchListener;
import dev.shadow.core.placement.search.SearchProgress;
import dev.shadow.core.placement.search.SeedStreams;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.tck.property.SeededTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class MachineReassignerTest {
    @SeededTest(runs = 30)
    void findsTheCheapestOfAllAssignmentsOfASmallProblem(RandomGenerator random, long seed) {
        ReassignmentProblem problem = RandomProblems.any(random, 3, 7);

        Reassignment result = search(problem, seed).solve(steps(400_000));

        assertThat(problem.violation(result.assignment())).isEmpty();
        assertThat(result.cost().total()).isEqualTo(cheapest(problem, new int[problem.processes], 0));
    }

    @SeededTest(runs = 10)
    void keepsEveryConstraintAndNeverCostsMoreThanTheFirstAssignment(RandomGenerator random, long seed) {
        ReassignmentProblem problem = RandomProblems.any(random, 2 + random.nextInt(30), 100 + random.nextInt(200));

        Reassignment result = search(problem, seed).solve(steps(200_000));

        assertThat(problem.violation(result.assignment())).isEmpty();
        assertThat(result.cost()).isEqualTo(problem.cost(result.assignment()));
        assertThat(result.cost().total())
                .isBetween(problem.lowerBound(), problem.cost(problem.origin()).total());
    }

    @Test
    void sameSeedAndStepsGiveTheSameAssignmentWhateverTheThreads() throws InterruptedException {
        ReassignmentProblem problem = RandomProblems.any(new SplittableRandom(9), 12, 120);

        int[] oneThread = withThreads(problem, 1);
        int[] threeThreads = withThreads(problem, 3);

        assertThat(threeThreads).isEqualTo(oneThread);
        assertThat(oneThread).isNotEqualTo(problem.origin());
    }

    private static int[] withThreads(ReassignmentProblem problem, int threads) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            return search(problem, 5).solve(3, pool, () -> steps(200_000)).assignment();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void withoutABudgetTheFirstAssignmentIsTheResult() {
        ReassignmentProblem problem = RandomProblems.any(new SplittableRandom(3), 5, 20);

        Reassignment result = search(problem, 1).solve(steps(0));

        assertThat(result.assignment()).isEqualTo(problem.origin());
        assertThat(result.evaluations()).isZero();
    }

    @Test
    void tellsOfObjectivesThatOnlyFallAndOfTheBound() {
        ReassignmentProblem problem = RandomProblems.any(new SplittableRandom(11), 12, 120);
        List<SearchProgress> heard = new ArrayList<>();

        Reassignment result =
                MachineReassigner.of(problem, SeedStreams.of(1), heard::add).solve(steps(300_000));

        assertThat(heard).hasSizeGreaterThan(10);
        assertThat(heard).extracting(SearchProgress::bound).containsOnly((double) problem.lowerBound());
        assertThat(heard).isSortedAccordingTo((a, b) -> Double.compare(b.objective(), a.objective()));
        assertThat(heard.get(heard.size() - 1).objective())
                .isEqualTo((double) result.cost().total());
    }

    @Test
    void refusesToWorkWithoutWorkers() {
        ReassignmentProblem problem = RandomProblems.any(new SplittableRandom(3), 5, 20);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            assertThatThrownBy(() -> search(problem, 1).solve(0, pool, () -> steps(1)))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage("workers must be at least 1, was 0");
        } finally {
            pool.shutdown();
        }
    }

    private static MachineReassigner search(ReassignmentProblem problem, long seed) {
        return MachineReassigner.of(problem, SeedStreams.of(seed), SearchListener.deaf());
    }

    private static BudgetMeter steps(long steps) {
        return BudgetMeter.startingNow(SearchBudget.ofSteps(steps), () -> 0);
    }

    private static long cheapest(ReassignmentProblem problem, int[] assignment, int process) {
        if (process == assignment.length) {
            return problem.violation(assignment).isPresent()
                    ? Long.MAX_VALUE
                    : problem.cost(assignment).total();
        }
        long best = Long.MAX_VALUE;
        for (int m = 0; m < problem.machines; m++) {
            assignment[process] = m;
            best = Math.min(best, cheapest(problem, assignment, process + 1));
        }
        return best;
    }
}
