package dev.shadow.examples.forecast;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Draws fan charts into one SVG picture, each series on a panel of its own. A panel is drawn when its forecast is
 * offered, so that no series is held. Owned by one thread.
 */
final class FanChart {
    /** Most series in one picture. */
    static final int MOST_PANELS = 12;

    private static final int MARGIN = 16;
    private static final int COLUMNS = 2;

    private final int room;
    private final String unit;
    private final Map<String, Optional<String>> wanted = new LinkedHashMap<>();
    private final List<String> first = new ArrayList<>();

    private FanChart(int room, String unit, List<String> ids) {
        this.room = room;
        this.unit = unit;
        ids.forEach(id -> wanted.put(id, Optional.empty()));
    }

    /** A chart that draws nothing. */
    static FanChart ofNone() {
        return new FanChart(0, "", List.of());
    }

    /** A chart of the series that are offered first. */
    static FanChart ofFirst(String unit) {
        return new FanChart(MOST_PANELS, unit, List.of());
    }

    /** A chart of these series, in this order; at most {@link #MOST_PANELS}. */
    static FanChart of(List<String> ids, String unit) {
        return new FanChart(0, unit, ids);
    }

    /** Draws the forecast if it is wanted. */
    void offer(TaskForecast forecast) {
        String id = forecast.task().id();
        if (wanted.containsKey(id)) {
            wanted.put(id, Optional.of(new FanPanel(forecast, unit).svg()));
        } else if (first.size() < room) {
            first.add(new FanPanel(forecast, unit).svg());
        }
    }

    /** The series that are wanted and were not offered. */
    List<String> notFound() {
        return wanted.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The picture of all panels. */
    String svg() {
        List<String> panels = new ArrayList<>(first);
        wanted.values().forEach(panel -> panel.ifPresent(panels::add));
        int columns = panels.size() > 1 ? COLUMNS : 1;
        int rows = (panels.size() + columns - 1) / columns;
        int width = MARGIN + columns * (FanPanel.WIDTH + MARGIN);
        int height = MARGIN + Math.max(1, rows) * (FanPanel.HEIGHT + MARGIN);
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"12\">\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        for (int i = 0; i < panels.size(); i++) {
            svg.append("<g transform=\"translate(")
                    .append(MARGIN + i % columns * (FanPanel.WIDTH + MARGIN))
                    .append(' ')
                    .append(MARGIN + i / columns * (FanPanel.HEIGHT + MARGIN))
                    .append(")\">\n")
                    .append(panels.get(i))
                    .append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }
}
