package dev.shadow.forecast.ensemble;

import dev.shadow.forecast.arima.ArimaMethod;
import dev.shadow.forecast.smoothing.AroundSeason;
import dev.shadow.forecast.smoothing.DirectSmoothing;
import dev.shadow.forecast.smoothing.Ets;
import dev.shadow.forecast.smoothing.EtsFit;
import dev.shadow.forecast.smoothing.SeasonalLevel;
import dev.shadow.forecast.smoothing.Theta;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The members of the blend, fitted to one history and before its first value. */
final class Members {
    private static final double NEWEST = 4;
    private static final double RECENT = 12;
    /** Half-life of errors, and the longest of values, in steps. */
    private static final int SLOWEST = 288;

    private static final double PROFILE_GAIN = 0.2;

    private final History history;
    private final Findings findings;
    private final HorizonGrid grid;
    private final double halfLife;
    private final double slowGain;

    private Members(History history, Findings findings) {
        int season = history.season();
        int size = history.size();
        this.history = history;
        this.findings = findings;
        grid = HorizonGrid.upTo(Math.min(size / 3, Math.max(SLOWEST, season)), season);
        halfLife = season > 1 ? Math.min(season, SLOWEST) : Math.min(SLOWEST, Math.max(24, size / 4.0));
        slowGain = 1.0 / (season > 1 ? season : halfLife);
    }

    /** Members whose numbers are searched for and noted, or taken, as {@code findings} has it. */
    static Members of(History history, Findings findings) {
        return new Members(history, findings);
    }

    /** Distances at which errors are kept and weights are chosen. */
    HorizonGrid grid() {
        return grid;
    }

    /** All members by name. */
    Map<String, Predictor> all() {
        Map<String, Predictor> members = new LinkedHashMap<>();
        members.put("newest", ValueHistogram.of(NEWEST, 10 * (int) NEWEST));
        members.put("recent", ValueHistogram.of(RECENT, 10 * (int) RECENT));
        members.put("long", histogram());
        members.put("level", smoothing("level", SeasonalLevel.plain(slowGain)));
        members.put("naive", naive());
        members.put("theta", theta());
        members.put("ets", ets());
        members.put("arima", arima());
        if (history.season() > 1) {
            members.put(
                    "seasonal",
                    smoothing("seasonal", SeasonalLevel.seasonal(history.season(), slowGain, PROFILE_GAIN)));
            members.put("repeated", smoothing("repeated", SeasonalLevel.seasonal(history.season(), slowGain, 1)));
        }
        return members;
    }

    Predictor histogram() {
        return ValueHistogram.of(halfLife, (int) (8 * halfLife));
    }

    Predictor naive() {
        return conformal(new LastValue());
    }

    Predictor theta() {
        return around(values -> theta(values, 1));
    }

    Predictor ets() {
        return around(values -> ets(values, 1));
    }

    Predictor arima() {
        return around(values -> ArimaMethod.at(values, findings.of("arima", () -> ArimaMethod.search(values, 1))));
    }

    Predictor seasonalNaive() {
        return SeasonalNaive.of(history.season());
    }

    Predictor thetaWithSeason() {
        return conformal(theta(history.values(), history.season()));
    }

    Predictor etsWithSeason() {
        return history.season() > EtsFit.LONGEST_SOLVED ? ets() : conformal(ets(history.values(), history.season()));
    }

    private Theta theta(double[] values, int season) {
        return Theta.at(values, season, findings.of("theta", () -> Theta.search(values, season)));
    }

    private Ets ets(double[] values, int season) {
        return EtsFit.at(values, season, findings.of("ets", () -> EtsFit.search(values, season)))
                .method();
    }

    private Predictor around(Function<double[], PointMethod> fit) {
        if (history.season() == 1) {
            return conformal(fit.apply(history.values()));
        }
        SeasonalLevel profile = SeasonalLevel.seasonal(history.season(), slowGain, PROFILE_GAIN);
        return conformal(AroundSeason.fit(history.values(), profile, fit));
    }

    private Predictor conformal(PointMethod method) {
        return ConformalPredictor.of(method, grid, SLOWEST);
    }

    private Predictor smoothing(String name, SeasonalLevel start) {
        int warmUp = Math.min(history.size() / 4, 2 * history.season());
        return DirectSmoothing.at(
                start,
                grid,
                SLOWEST,
                findings.of(name, () -> DirectSmoothing.search(history.values(), start, warmUp, grid)));
    }
}
