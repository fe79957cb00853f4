package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.heuristic.selector.move.MoveSelectorConfig;
import ai.timefold.solver.core.config.heuristic.selector.move.composite.UnionMoveSelectorConfig;
import ai.timefold.solver.core.config.heuristic.selector.move.generic.ChangeMoveSelectorConfig;
import ai.timefold.solver.core.config.heuristic.selector.move.generic.SwapMoveSelectorConfig;
import ai.timefold.solver.core.config.localsearch.LocalSearchPhaseConfig;
import ai.timefold.solver.core.config.localsearch.decider.acceptor.LocalSearchAcceptorConfig;
import ai.timefold.solver.core.config.localsearch.decider.forager.LocalSearchForagerConfig;
import ai.timefold.solver.core.config.score.director.ScoreDirectorFactoryConfig;
import ai.timefold.solver.core.config.solver.SolverConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs Timefold on one machine reassignment problem for so many processor seconds of the whole process.
 *
 * <p>Arguments: MODEL ASSIGNMENT SECONDS SEED METHOD OUT; the method is late:SIZE, annealing:TEMPERATURE or tabu:SIZE.
 */
public final class TimefoldReassign {
    private TimefoldReassign() {}

    public static void main(String[] args) throws IOException {
        Model model = Model.read(args[0], args[1]);
        Plan plan = new Plan();
        plan.model = model;
        for (int p = 0; p < model.processes; p++) {
            plan.processes.add(new ProcessEntity(p, model.origin[p]));
        }
        Plan best = ProcessorTime.solve(
                SolverFactory.<Plan>create(config(args[4], Long.parseLong(args[3])))
                        .buildSolver(),
                plan,
                Double.parseDouble(args[2]));
        Files.writeString(
                Path.of(args[5]),
                best.processes.stream().map(p -> p.machine.toString()).collect(Collectors.joining(" ")) + "\n");
        System.out.println(ProcessorTime.line(best.score.softScore(), best.score.hardScore()));
    }

    private static SolverConfig config(String method, long seed) {
        return new SolverConfig()
                .withSolutionClass(Plan.class)
                .withEntityClasses(ProcessEntity.class)
                .withRandomSeed(seed)
                .withScoreDirectorFactory(
                        new ScoreDirectorFactoryConfig().withIncrementalScoreCalculatorClass(ReassignmentScore.class))
                .withPhases(localSearch(method));
    }

    static LocalSearchPhaseConfig localSearch(String method) {
        String[] parts = method.split(":");
        LocalSearchAcceptorConfig acceptor = new LocalSearchAcceptorConfig();
        int accepted = 1;
        switch (parts[0]) {
            case "late" -> acceptor.setLateAcceptanceSize(Integer.valueOf(parts[1]));
            case "annealing" -> acceptor.setSimulatedAnnealingStartingTemperature("0hard/" + parts[1] + "soft");
            case "tabu" -> {
                acceptor.setEntityTabuSize(Integer.valueOf(parts[1]));
                accepted = 1000;
            }
            default -> throw new IllegalArgumentException("method must be late, annealing or tabu, was " + method);
        }
        List<MoveSelectorConfig> moves = List.of(new ChangeMoveSelectorConfig(), new SwapMoveSelectorConfig());
        LocalSearchPhaseConfig search = new LocalSearchPhaseConfig();
        search.setMoveSelectorConfig(new UnionMoveSelectorConfig(moves));
        search.setAcceptorConfig(acceptor);
        search.setForagerConfig(new LocalSearchForagerConfig().withAcceptedCountLimit(accepted));
        return search;
    }
}
