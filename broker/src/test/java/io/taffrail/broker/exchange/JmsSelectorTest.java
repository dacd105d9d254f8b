package io.taffrail.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Selectors of {@code x-jms-topic} exchanges. */
class JmsSelectorTest {

    private static final FieldTable HEADERS = FieldTable.of(headers());

    private static Map<String, FieldValue> headers() {
        Map<String, FieldValue> headers = new LinkedHashMap<>();
        headers.put("a", new FieldValue.Int32(5));
        headers.put("s", new FieldValue.Text("abc"));
        headers.put("b", new FieldValue.Bool(true));
        headers.put("d", new FieldValue.Float64(2.5));
        headers.put("v", new FieldValue.None());
        return headers;
    }

    private static JmsSelector selector(String text) {
        return JmsSelector
                .of(FieldTable.of(Map.of(JmsSelector.ARGUMENT, new FieldValue.Text(text))));
    }

    /** The first block has the answers of RabbitMQ 3.10.8. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "true.|true", "false.|false", "5.|false",
        "{'=',{'ident',<<\"a\">>},5}.|true",
        "{'=',{'ident',<<\"a\">>},5.0}.|true",
        "{'>',{'ident',<<\"a\">>},{'+',2,2}}.|true",
        "{'like',{'ident',<<\"s\">>},<<\"a%\">>,no_escape}.|true",
        "{'like',{'ident',<<\"s\">>},<<\"a_c\">>,no_escape}.|true",
        "{'in',{'ident',<<\"s\">>},[<<\"x\">>,<<\"abc\">>]}.|true",
        "{'not',{'ident',<<\"zz\">>}}.|false",
        "{'is_null',{'ident',<<\"zz\">>}}.|true",
        "{'and',{'ident',<<\"b\">>},{'between',{'ident',<<\"d\">>},{'range',1,3}}}.|true",
        "{'=',{'ident',<<\"s\">>},5}.|false",
        "{'>',{'ident',<<\"s\">>},5}.|true",
        "{'/',1,0}.|false",
        "{'=',{'/',7,2},3.5}.|true",

        "{ident, <<\"b\">>} .|true",
        "{'or',{'=',{ident,<<\"zz\">>},1},{ident,<<\"b\">>}}.|true",
        "{'or',{'=',{ident,<<\"zz\">>},1},false}.|false",
        "{'not',{'and',{'=',{ident,<<\"zz\">>},1},false}}.|true",
        "{'not',{'=',{ident,<<\"zz\">>},1}}.|false",
        "{'not_in',{ident,<<\"s\">>},[<<\"x\">>]}.|true",
        "{'not_in',{ident,<<\"zz\">>},[<<\"x\">>]}.|false",
        "{'not_between',{ident,<<\"a\">>},6,7}.|true",
        "{'not_like',{ident,<<\"s\">>},<<\"%c\">>,no_escape}.|false",
        "{'not_null',{ident,<<\"s\">>}}.|true",
        "{'not_null',{ident,<<\"v\">>}}.|false",
        "{'like',{ident,<<\"a\">>},<<\"5\">>,no_escape}.|false",
        "{'=',{'+',{ident,<<\"s\">>},5},{'+',{ident,<<\"s\">>},5}}.|false",
        "{'=',{'-',{ident,<<\"a\">>}},-5}.|true",
        "{'=',{'*',9223372036854775807,2},1.8446744073709552e19}.|true",
        "{'<>',{ident,<<\"s\">>},<<\"ab\\\"c\">>}.|true"})
    void matchesAsThePluginDoes(String selector, boolean matches) {
        assertThat(selector(selector).matches(new SelectorInput(HEADERS))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a%|abc|true", "%|x|true", "%c|abcabc|true",
        "a%b%c|aXbXbXc|true", "a%b%c|aXbXbX|false", "_|ab|false", "__|ab|true", "a!%|a%|true",
        "a!%|ab|false", "!_%|_x|true", "%%a%%|bab|true", "a.c|abc|false", "(a|(a|true",
        "a!|a!|true"})
    void likeKnowsTwoSignsAndAnEscape(String pattern, String text, boolean matches) {
        assertThat(isLike(text, pattern, '!')).isEqualTo(matches);
    }

    private static boolean isLike(String text, String pattern, char escape) {
        return new SelectorInput(FieldTable.EMPTY).isLike(text,
                new LikePattern(pattern, escape));
    }

    /** The pattern matches nowhere, but nearly so from every character of the text. */
    @Test
    void aHostilePatternCostsNoMoreThanAnotherOfItsLength() {
        String text = "a".repeat(100_000);
        SelectorInput hostile = new SelectorInput(FieldTable.EMPTY);
        SelectorInput plain = new SelectorInput(FieldTable.EMPTY);

        assertThat(hostile.isLike(text, new LikePattern("%" + "a".repeat(254) + "b", (char) 0)))
                .isFalse();
        assertThat(plain.isLike(text, new LikePattern("%" + "x".repeat(254) + "b", (char) 0)))
                .isFalse();

        assertThat(hostile.takeCost()).isEqualTo(plain.takeCost()).isBetween(7_500, 8_000);
    }

    /** Compares with a matcher that tries every length for {@code %}. */
    @Test
    void patternsAtRandomMatchAsTheyShould() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        SelectorInput input = new SelectorInput(FieldTable.EMPTY);
        for (int round = 0; round < 20_000; round++) {
            String pattern = random(random, "ab_%", round % 10 == 0 ? 200 : 8);
            String text = random(random, "ab", round % 10 == 0 ? 150 : 10);
            assertThat(input.isLike(text, new LikePattern(pattern, (char) 0)))
                    .as("seed %d: '%s' like '%s'", seed, text, pattern)
                    .isEqualTo(simple(text, pattern));
        }
    }

    private static String random(Random random, String letters, int most) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(most + 1); left > 0; left--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    private static boolean simple(String text, String pattern) {
        boolean[] ends = new boolean[text.length() + 1];
        ends[0] = true;
        for (int at = 0; at < pattern.length(); at++) {
            char each = pattern.charAt(at);
            boolean[] next = new boolean[ends.length];
            for (int end = 0; end < ends.length; end++) {
                next[end] = each == '%'
                        ? ends[end] || (end > 0 && next[end - 1])
                        : end > 0 && ends[end - 1]
                                && (each == '_' || each == text.charAt(end - 1));
            }
            ends = next;
        }
        return ends[text.length()];
    }

    @Test
    void aBindingHasFewPatterns() {
        assertThat(problem(1, "%" + "a".repeat(256))).isPresent();
        assertThat(problem(4, "%" + "a".repeat(255))).isEmpty();
        assertThat(problem(5, "%" + "a".repeat(255)).orElseThrow())
                .contains("5 LIKE patterns of 1280 bytes together, limits are 32 and 1024");
        assertThat(problem(32, "%a")).isEmpty();
        assertThat(problem(33, "%a").orElseThrow()).contains("33 LIKE patterns");
    }

    /** The reason why a binding with so many equal patterns is refused. */
    private static Optional<String> problem(int likes, String pattern) {
        String each = "{'like',{'ident',<<\"s\">>},<<\"" + pattern + "\">>,no_escape}";
        String text = each;
        for (int count = 1; count < likes; count++) {
            text = "{'or'," + each + "," + text + "}";
        }
        return ExchangeArguments.problem(ExchangeType.JMS_TOPIC, new Binding("x", "q", true, "",
                FieldTable.of(Map.of(JmsSelector.ARGUMENT, new FieldValue.Text(text + ".")))));
    }

    /** A header that many parts of a selector ask for is converted once. */
    @Test
    void aLongHeaderIsReadOnce() {
        SelectorInput input = new SelectorInput(FieldTable.of(
                Map.of("s", new FieldValue.Text("a".repeat(100_000)))));
        String one = "{'=',{'ident',<<\"s\">>},<<\"b\">>}";
        String all = one;
        for (int count = 1; count < 32; count++) {
            all = "{'or'," + one + "," + all + "}";
        }

        assertThat(selector(all + ".").matches(input)).isFalse();

        assertThat(input.takeCost()).isLessThan(2_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "garbage.", "{'=',", "true", "true. true.", "{}.",
        "{5,1}.",
        "{foo,1,2}.", "{'=',1}.", "{'=',1,2,3,4}.", "{ident,a}.", "[true].", "<<\"a>>.", "'true.",
        "{'in',1,2}.", "{'between',1,2}.", "{'like',1,2,no_escape}.", "99999999999999999999.",
        "{'like',{ident,<<\"a\">>},<<\"a\">>,<<\"!!\">>}.", "<<\"\\x\">>.", "-.", "1..", "1.5e."})
    void whatIsNoSelectorIsRefused(String text) {
        assertThatThrownBy(() -> selector(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ExchangeArguments.problem(ExchangeType.JMS_TOPIC, new Binding("x", "q", true, "",
                FieldTable.of(Map.of(JmsSelector.ARGUMENT, new FieldValue.Text(text)))))
                .orElseThrow()).startsWith("cannot parse selector '" + text
                        + "' binding destination 'q' to exchange 'x'");
    }

    @Test
    void aSelectorHasToBeThereAndText() {
        assertThatThrownBy(() -> JmsSelector.of(FieldTable.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JmsSelector.of(
                FieldTable.of(Map.of(JmsSelector.ARGUMENT, new FieldValue.Int32(1)))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void depthAndLengthAreBounded() {
        String deep = "{'not',".repeat(ErlangTerm.MAX_DEPTH) + "true"
                + "}".repeat(ErlangTerm.MAX_DEPTH) + ".";
        assertThat(selector(deep).matches(new SelectorInput(HEADERS))).isTrue();
        assertThatThrownBy(() -> selector("{'not',".repeat(4000) + "true."))
                .hasMessageContaining("deep");
        assertThatThrownBy(() -> selector("[".repeat(4000))).hasMessageContaining("deep");
        assertThatThrownBy(() -> selector(" ".repeat(ErlangTerm.MAX_LENGTH) + "true."))
                .hasMessageContaining("bytes");
    }

    /** A random selector is either refused or can be evaluated. */
    @Test
    void textAtRandomIsRefusedOrAsked() {
        String[] parts = {"{", "}", "[", "]", ",", ".", "'and'", "'='", "ident", "<<\"a\">>", "5",
            "-1.5e3", "true", "'like'", "no_escape", "<<", "\"", "'", "\\", "'in'", "'/'", "0",
            " "};
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int count = random.nextInt(14); count > 0; count--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                var _ = selector(text + ".").matches(new SelectorInput(HEADERS));
            } catch (IllegalArgumentException refused) {
                assertThat(refused).as("seed %d", seed).hasMessageNotContaining("null");
            }
        }
    }
}
