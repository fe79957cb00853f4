package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.constructionheuristic.ConstructionHeuristicPhaseConfig;
import ai.timefold.solver.core.config.constructionheuristic.ConstructionHeuristicType;
import ai.timefold.solver.core.config.constructionheuristic.decider.forager.ConstructionHeuristicForagerConfig;
import ai.timefold.solver.core.config.constructionheuristic.decider.forager.ConstructionHeuristicPickEarlyType;
import ai.timefold.solver.core.config.score.director.ScoreDirectorFactoryConfig;
import ai.timefold.solver.core.config.solver.SolverConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs Timefold on one shadow placement instance for so many processor seconds of the whole process.
 *
 * <p>Arguments: INSTANCE SECONDS SEED METHOD OUT; the methods are those of {@link TimefoldReassign}.
 */
public final class TimefoldPlace {
    private TimefoldPlace() {}

    public static void main(String[] args) throws IOException {
        ShadowPlan plan = new ShadowPlan();
        plan.instance = ShadowInstance.read(args[0]);
        for (int vm = 0; vm < plan.instance.vms; vm++) {
            for (int rank = 0; rank < plan.instance.shadows[vm]; rank++) {
                plan.shadows.add(
                        new ShadowEntity(plan.shadows.size(), vm, rank, plan.instance.candidates(vm), null));
            }
        }
        ShadowPlan best = ProcessorTime.solve(
                SolverFactory.<ShadowPlan>create(config(args[3], Long.parseLong(args[2])))
                        .buildSolver(),
                plan,
                Double.parseDouble(args[1]));
        Files.writeString(Path.of(args[4]), text(best));
        System.out.println(ProcessorTime.line(best.score.softScore(), best.score.hardScore()));
    }

    private static SolverConfig config(String method, long seed) {
        ConstructionHeuristicPhaseConfig construction = new ConstructionHeuristicPhaseConfig()
                .withConstructionHeuristicType(ConstructionHeuristicType.FIRST_FIT)
                .withForagerConfig(new ConstructionHeuristicForagerConfig()
                        .withPickEarlyType(
                                ConstructionHeuristicPickEarlyType.FIRST_FEASIBLE_SCORE_OR_NON_DETERIORATING_HARD));
        return new SolverConfig()
                .withSolutionClass(ShadowPlan.class)
                .withEntityClasses(ShadowEntity.class)
                .withRandomSeed(seed)
                .withScoreDirectorFactory(
                        new ScoreDirectorFactoryConfig().withIncrementalScoreCalculatorClass(ShadowScore.class))
                .withPhases(construction, TimefoldReassign.localSearch(method));
    }

    private static String text(ShadowPlan plan) {
        StringBuilder text = new StringBuilder("{\"format\":\"shadow-solution/1\",\"shadows\":[");
        int next = 0;
        for (int vm = 0; vm < plan.instance.vms; vm++) {
            text.append(vm == 0 ? "[" : ",[");
            for (int rank = 0; rank < plan.instance.shadows[vm]; rank++) {
                text.append(rank == 0 ? "" : ",").append(plan.shadows.get(next++).host);
            }
            text.append(']');
        }
        return text.append("]}\n").toString();
    }
}
