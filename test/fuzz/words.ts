/** Words of the fuzzed languages, in lists that space separates. */

export const goWords = list(
  '{{ }} {{- -}} {{/* */}} if else end range with define template block break continue nil true . .Element .Element.l',
  '$ $x := = | ( ) , " ` \' \\ 1 -1 1.5 0x 1e9 9223372036854775807 "a" {{end}} %v %*d __proto__ constructor',
).concat('{{ range $i, $x := .Element.l }}', '{{ $x := .Element }}', '{{ if .s }}', ' ')

export const handlebarsWords = list(
  '{{ }} {{{ }}} {{# {{/ {{^ {{else}} {{~ ~}} {{! {{!-- --}} {{> {{* {{{{ \\{{ if each with unless lookup ../ @index',
  '@../key @root this . / [ ] ( ) a=1 Element Element.l length "a" 1 null undefined __proto__ constructor {{/if}} {{/each}}',
).concat('as |x i|', '{{#if s}}', '{{#each Element.l}}', ' ')

export const yamlWords = list(
  '| > |- >+ |2 --- ... # &a *a !!str !<x> " \' { } [ ] , \\ \\u12 %YAML true null 0x1 1e3 .inf ~ 2024-01-01',
).concat('- ', ': ', '? ', '<<: ', '\n', '\n  ', '\t', '__proto__: ', 'a: ', '- - ', '? - ')

export const jsonPathWords = list(
  '{ } . .. [ ] * @ $ ?( ) == != <= && , : -1 0 \' " {end} [?(@.x==1)] [1:2:3] ..* Element l m \\ {"text"}',
  "['a','b'] __proto__ constructor 9223372036854775808",
).concat('{range ', ' ')

export const printfWords = list(
  '% v d s q x X o b c U e E f F g G t T p w [ ] * . # + - 0 1 2 9 %[1] %* %.* %[3]v %999999d %.999999f',
).concat(' ')

export const jsonWords = list(
  '{ } [ ] : , " \\ null true 1e400 - 0 9007199254740993 \\ud800 "__proto__": [[ 1.5 "a"',
).concat(' ')

function list(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' '))
}
