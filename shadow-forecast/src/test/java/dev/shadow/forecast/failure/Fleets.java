package dev.shadow.forecast.failure;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** Made-up disks: a wear-out counter that jumps before most failures, one that means nothing, and a poor make. */
final class Fleets {
    static final List<String> NUMBERS = List.of("errors", "noise");
    static final List<String> TEXTS = List.of("make");

    private Fleets() {}

    /** Small enough for a test, large enough to learn from. */
    static FailureOptions quick(long seed) {
        return new FailureOptions(
                new EnsembleShape(6, 15, 0.5, new TreeShape(3, 1, 1, 0.3, 1, 1)),
                new EnsembleShape(24, 1, 1, new TreeShape(8, 5, 1, 1, 1, 0.4)),
                seed);
    }

    static HealthTable of(int units, long seed) {
        return of(units, seed, (hazard, outcome) -> outcome);
    }

    /** @param known what is said of a reading, given its true hazard and outcome */
    static HealthTable of(int units, long seed, BiFunction<Double, Outcome, Outcome> known) {
        SplittableRandom random = new SplittableRandom(seed);
        HealthTable.Builder table = HealthTable.builder(NUMBERS, TEXTS);
        for (int u = 0; u < units; u++) {
            String make = random.nextInt(4) == 0 ? "poor" : "good";
            double errors = 0;
            for (int month = 1; month <= 8; month++) {
                double jump = random.nextDouble() < 0.05 ? 10 + random.nextInt(50) : 0;
                errors += jump;
                double hazard = hazard(make, jump);
                boolean fails = random.nextDouble() < hazard;
                double noise = random.nextInt(5) == 0 ? Double.NaN : random.nextInt(100);
                table.add(
                        "u" + u,
                        720.0 * month,
                        new double[] {errors, noise},
                        List.of(make),
                        known.apply(hazard, fails ? Outcome.FAILED : Outcome.HEALTHY));
                if (fails) {
                    break;
                }
            }
        }
        return table.build();
    }

    static double hazard(String make, double jump) {
        return (make.equals("poor") ? 0.02 : 0.005) + (jump > 0 ? 0.35 : 0);
    }

    static double meanRisk(FailureModel model, HealthTable table) {
        return model.judge(table, 0).stream()
                .mapToDouble(FailureRisk::probability)
                .average()
                .orElseThrow();
    }

    static double failureRate(HealthTable table) {
        return KnownRows.of(table).failureRate();
    }
}
