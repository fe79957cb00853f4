package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.cloner.SolutionCloner;
import ai.timefold.solver.core.api.score.buildin.hardsoftlong.HardSoftLongScore;
import java.util.ArrayList;
import java.util.List;

/** All shadows, and the instance that they belong to. */
@PlanningSolution(solutionCloner = ShadowPlan.Cloner.class)
public class ShadowPlan {
    ShadowInstance instance;

    @PlanningEntityCollectionProperty
    public List<ShadowEntity> shadows = new ArrayList<>();

    @PlanningScore
    public HardSoftLongScore score;

    public ShadowPlan() {}

    /** Copies entities and score, never the instance. */
    public static class Cloner implements SolutionCloner<ShadowPlan> {
        @Override
        public ShadowPlan cloneSolution(ShadowPlan original) {
            ShadowPlan copy = new ShadowPlan();
            copy.instance = original.instance;
            copy.score = original.score;
            copy.shadows = new ArrayList<>(original.shadows.size());
            for (ShadowEntity s : original.shadows) {
                copy.shadows.add(new ShadowEntity(s.id, s.vm, s.rank, s.candidates, s.host));
            }
            return copy;
        }
    }
}
