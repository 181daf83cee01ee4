-- What the writers need beyond Markdown.

local is_latex = FORMAT:match("latex") ~= nil
local is_html = FORMAT:match("html") ~= nil

-- An outcome in bold capitals has its colour.
local colours = {
  CONFIRMED = "1B6E33", UNKNOWN = "8A5A00", REFUTED = "C62828",
  ["NOT ESTABLISHED"] = "C62828",
}

local function colour(strong)
  local code = colours[pandoc.utils.stringify(strong)]
  if not code then return nil end
  local before, after, format
  if is_html then
    format, before, after = "html", '<span style="color: #' .. code .. '">', "</span>"
  elseif is_latex then
    format, before, after = "latex", "{\\color[HTML]{" .. code .. "}", "}"
  else
    format, before, after = "typst", '#text(fill: rgb("#' .. code .. '"))[', "]"
  end
  return {
    pandoc.RawInline(format, before), strong, pandoc.RawInline(format, after),
  }
end

-- Signs that the fonts of LaTeX lack outside formulas.
local signs = {
  ["≤"] = "\\leq", ["≥"] = "\\geq", ["≠"] = "\\neq", ["≈"] = "\\approx", ["→"] = "\\to",
  ["−"] = "-", ["∞"] = "\\infty", ["∈"] = "\\in", ["²"] = "^2", ["Δ"] = "\\Delta",
  ["θ"] = "\\theta", ["κ"] = "\\kappa", ["ξ"] = "\\xi", ["π"] = "\\pi",
}

local function spell(word)
  if not word.text:find("[\x80-\xFF]") then return nil end
  local inlines, plain = pandoc.List(), ""
  for _, code in utf8.codes(word.text) do
    local letter = utf8.char(code)
    if signs[letter] then
      if plain ~= "" then inlines:insert(pandoc.Str(plain)) end
      inlines:insert(pandoc.Math("InlineMath", signs[letter]))
      plain = ""
    else
      plain = plain .. letter
    end
  end
  if plain ~= "" then inlines:insert(pandoc.Str(plain)) end
  return inlines
end

local function scrolling(content)
  return pandoc.Div(content, pandoc.Attr("", { "wide" }))
end

local function is_display(inline)
  return inline.t == "Math" and inline.mathtype == "DisplayMath"
end

-- In HTML a display formula stands in a box that scrolls, so the paragraph around it is
-- cut there.
local function cut(paragraph)
  if not paragraph.content:find_if(is_display) then return nil end
  local blocks, text = pandoc.List(), pandoc.List()
  local function flush()
    while #text > 0 and (text[1].t == "Space" or text[1].t == "SoftBreak") do
      text:remove(1)
    end
    if #text > 0 then blocks:insert(pandoc.Para(text)) end
    text = pandoc.List()
  end
  for _, inline in ipairs(paragraph.content) do
    if is_display(inline) then
      flush()
      blocks:insert(scrolling(pandoc.Plain({ inline })))
    else
      text:insert(inline)
    end
  end
  flush()
  return blocks
end

-- Columns are aligned to the left unless the page says otherwise, and a name in code may
-- be broken after its dots, dashes and underscores.
local function arrange(found)
  for _, column in ipairs(found.colspecs) do
    if column[1] == pandoc.AlignDefault then column[1] = pandoc.AlignLeft end
  end
  local breakable = found:walk({
    Code = function(code)
      code.text = code.text:gsub("([%.%-_/])(%w)", "%1\u{200B}%2")
      return code
    end,
  })
  return is_html and scrolling(breakable) or breakable
end

-- The first heading is the title.  LaTeX and typst count the levels below it from one.
local function take_title(document)
  local first = document.blocks[1]
  if first and first.t == "Header" and first.level == 1 then
    document.meta.title = pandoc.MetaInlines(first.content)
    document.meta.pagetitle = pandoc.utils.stringify(first)
    document.blocks:remove(1)
  end
  if is_html then return document end
  return document:walk({
    Header = function(header)
      header.level = math.max(header.level - 1, 1)
      return header
    end,
  })
end

return {
  {
    Image = is_latex and function(image)
      image.src = image.src:gsub("%.svg$", ".pdf")
      return image
    end or nil,
    Para = is_html and cut or nil,
    Str = is_latex and spell or nil,
    Strong = colour,
    Table = arrange,
  },
  { Pandoc = take_title },
}
