package dev.shadow.forecast.ensemble;

import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One method by itself, with the errors that it made before as quantiles: what a blend has to beat. May be shared
 * between threads. Draws nothing at random: the seed is only recorded.
 */
public final class MemberForecaster implements Forecaster {
    private final String name;
    private final Function<Members, Predictor> member;

    private MemberForecaster(String name, Function<Members, Predictor> member) {
        this.name = name;
        this.member = member;
    }

    /** The last value. */
    public static MemberForecaster naive() {
        return new MemberForecaster("naive", Members::naive);
    }

    /** The last season. */
    public static MemberForecaster seasonalNaive() {
        return new MemberForecaster("seasonal-naive", Members::seasonalNaive);
    }

    /** The theta method, with a season of its own if a test sees one. */
    public static MemberForecaster theta() {
        return new MemberForecaster("theta", Members::thetaWithSeason);
    }

    /** Additive exponential smoothing by maximum likelihood. */
    public static MemberForecaster ets() {
        return new MemberForecaster("ets", Members::etsWithSeason);
    }

    /** The distribution of the values of about a season, the older ones counting less. */
    public static MemberForecaster histogram() {
        return new MemberForecaster("histogram", Members::histogram);
    }

    @Override
    public ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException {
        History history = History.of(series, options);
        if (history.isShort()) {
            return FewValues.fit(history);
        }
        return model(history, Findings.none());
    }

    @Override
    public ForecastModel rebuild(TimeSeries history, FitOptions options, FitSummary summary) throws ForecastException {
        return Rebuilding.rebuild(
                history, options, summary, name, (values, found) -> model(values, Findings.of(found)));
    }

    private PredictorModel model(History history, Findings findings) {
        Predictor predictor = member.apply(Members.of(history, findings));
        for (double value : history.values()) {
            predictor.observe(value);
        }
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("season", (double) history.season());
        parameters.putAll(findings.all());
        return history.model(predictor, name, parameters);
    }
}
