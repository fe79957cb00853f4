package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.cloner.SolutionCloner;
import ai.timefold.solver.core.api.domain.valuerange.CountableValueRange;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeFactory;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.score.buildin.hardsoftlong.HardSoftLongScore;
import java.util.ArrayList;
import java.util.List;

/** All processes, and the problem that they belong to. */
@PlanningSolution(solutionCloner = Plan.Cloner.class)
public class Plan {
    Model model;

    @PlanningEntityCollectionProperty
    public List<ProcessEntity> processes = new ArrayList<>();

    @PlanningScore
    public HardSoftLongScore score;

    public Plan() {}

    @ValueRangeProvider
    public CountableValueRange<Integer> machines() {
        return ValueRangeFactory.createIntValueRange(0, model.machines);
    }

    /** Copies entities and score, never the problem. */
    public static class Cloner implements SolutionCloner<Plan> {
        @Override
        public Plan cloneSolution(Plan original) {
            Plan copy = new Plan();
            copy.model = original.model;
            copy.score = original.score;
            copy.processes = new ArrayList<>(original.processes.size());
            for (ProcessEntity process : original.processes) {
                copy.processes.add(new ProcessEntity(process.id, process.machine));
            }
            return copy;
        }
    }
}
